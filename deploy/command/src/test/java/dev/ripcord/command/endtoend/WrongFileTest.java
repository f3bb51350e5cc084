package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.stack.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SuiteExtension.class)
class WrongFileTest {

    @Test
    void a_service_does_not_start_with_a_wrong_file_and_says_where_it_is_wrong_and_nothing_else(
            Scenario story, @TempDir Path folder) throws IOException, InterruptedException {
        Path databases = Files.writeString(folder.resolve("databases.yaml"), """
                databases:
                  - id: shop
                    environment: holiday
                """);
        Process service = service(story, databases);
        String said = new String(service.getInputStream().readAllBytes());

        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isNotZero();
        assertThat(said)
                .contains("databases.yaml:3", "environment", "production")
                .doesNotContain("\tat ");
    }

    private static Process service(Scenario story, Path databases) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-jar",
                        Installation.here()
                                .home()
                                .resolve("verifier-service/target/quarkus-app/quarkus-run.jar")
                                .toString())
                .redirectErrorStream(true);
        builder.environment().put("RIPCORD_DATABASES", databases.toString());
        builder.environment().put("QUARKUS_HTTP_PORT", "0");
        builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", story.suite.stack.bootstrapServers());
        builder.environment()
                .put("RIPCORD_TOKENS", story.suite.stack.folder().tokens().toString());
        builder.environment()
                .put(
                        "RIPCORD_STATE_ADDRESS",
                        story.suite.stack.postgres().server().address("ripcord_state"));
        builder.environment().put("RIPCORD_STATE_USER", "ripcord");
        builder.environment()
                .put("RIPCORD_STATE_PASSWORD", story.suite.stack.secrets().read("ripcord.password"));
        return builder.start();
    }
}
