package dev.ripcord.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class EmbeddedInfrastructureTest {

    @AfterEach
    void forgetChoice() {
        System.clearProperty("infra");
        System.clearProperty("infra.postgres.image");
    }

    @Test
    void the_configuration_leads_to_both_and_is_the_same_for_every_class_loader() throws Exception {
        Map<String, String> configuration = EmbeddedInfrastructure.shared().configuration();
        assertThat(configuration)
                .containsOnlyKeys(
                        "kafka.bootstrap.servers",
                        "ripcord.state.address",
                        "ripcord.state.user",
                        "ripcord.state.password");
        assertThat(configuration.get("ripcord.state.address")).endsWith("/ripcord_state");
        try (Connection state = DriverManager.getConnection(
                "jdbc:postgresql://" + configuration.get("ripcord.state.address"),
                configuration.get("ripcord.state.user"),
                configuration.get("ripcord.state.password"))) {
            assertThat(state.isValid(5)).isTrue();
        }
        assertThat(EmbeddedInfrastructure.shared().configuration()).isEqualTo(configuration);
        assertThat(askedThroughAnotherClassLoader()).isEqualTo(configuration);
    }

    private static Object askedThroughAnotherClassLoader() throws Exception {
        URL[] same = {
            EmbeddedInfrastructure.class.getProtectionDomain().getCodeSource().getLocation()
        };
        ClassLoader outer = new ClassLoader(EmbeddedInfrastructureTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("dev.ripcord.embedded.")) throw new ClassNotFoundException(name);
                return super.loadClass(name, resolve);
            }
        };
        try (var other = new URLClassLoader(same, outer)) {
            Class<?> type = other.loadClass(EmbeddedInfrastructure.class.getName());
            assertThat(type).isNotSameAs(EmbeddedInfrastructure.class);
            Object shared = type.getMethod("shared").invoke(null);
            return type.getMethod("configuration").invoke(shared);
        }
    }

    @Test
    void containers_without_an_engine_fail_with_one_clear_line() {
        Assumptions.assumeFalse(
                org.testcontainers.DockerClientFactory.instance().isDockerAvailable(), "only where there is no engine");
        System.setProperty("infra", "containers");
        assertThatThrownBy(() -> InfrastructureChoice.fromProperties().start())
                .isInstanceOf(CannotStartException.class)
                .hasMessage(
                        "-Dinfra=containers: no container engine answers here; start one, or run with -Dinfra=embedded");
    }

    @Test
    void auto_falls_back_to_embedded_where_an_image_is_missing() {
        System.setProperty("infra", "auto");
        System.setProperty("infra.postgres.image", "ripcord/no-such-image:1");
        EmbeddedInfrastructure started = InfrastructureChoice.fromProperties().start();
        assertThat(started.postgres().host()).isEqualTo("127.0.0.1");
    }

    @Test
    void an_unknown_choice_is_named() {
        System.setProperty("infra", "cloud");
        assertThatThrownBy(InfrastructureChoice::fromProperties)
                .isInstanceOf(CannotStartException.class)
                .hasMessage("-Dinfra=cloud is unknown: it is embedded, containers or auto");
    }
}
