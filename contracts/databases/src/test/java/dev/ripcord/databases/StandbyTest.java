package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A standby is a server like the one that was enrolled in everything but one. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class StandbyTest {

    private final ProtectedServer server;

    StandbyTest(int major) {
        server = ProtectedServer.durable(major);
    }

    @Test
    void nothing_is_done_on_a_standby() throws Exception {
        EnrolledDatabase shop = server.shop();
        Identity identity;
        try (AdminSession admin = server.rollback(shop)) {
            identity = admin.identify();
        }
        EmbeddedPostgres postgres = server.postgres();
        postgres.stop();
        Files.createFile(postgres.dataFolder().resolve("data").resolve("standby.signal"));
        postgres.restart();
        try (AdminSession admin = server.rollback(shop)) {
            assertThatThrownBy(admin::identify)
                    .isInstanceOf(StandbyException.class)
                    .hasMessageContaining("is a standby");
            Command command = new Command("r1", 1);
            assertThatThrownBy(() -> admin.close(command, identity, false))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class,
                            failure -> assertThat(failure.sqlState()).isEqualTo("RC001"));
            assertThatThrownBy(
                            () -> admin.swap(command, identity, 1, shop.failedName("r1"), Duration.ofSeconds(1), "a1"))
                    .isInstanceOf(DatabaseFailure.class);
        }
    }
}
