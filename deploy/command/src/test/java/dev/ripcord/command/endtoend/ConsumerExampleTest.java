package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.stack.Installation;
import dev.ripcord.events.RollbackOutcomeEvent;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The subscriber of the documentation, as Java 17 and with nothing but the events' jar, the client and what these need. */
@ExtendWith(SuiteExtension.class)
class ConsumerExampleTest {

    private static final Pattern NEEDED = Pattern.compile(
            "contracts/events/target|ripcord-events|kafka-clients|cloudevents|jackson|jspecify|slf4j-api|lz4");

    @TempDir
    Path folder;

    @Test
    void the_subscriber_of_the_documentation_hears_how_a_rollback_ended(Scenario story) throws Exception {
        OnSpare.gate(story);
        String rollback = story.request(story.suite.spare, "heard-" + Scenario.shortId());
        RollbackOutcomeEvent.Completed completed = story.completed(rollback);
        Path said = folder.resolve("said");

        Process subscriber = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--source",
                        "17",
                        "-cp",
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .filter(NEEDED.asPredicate())
                                .collect(Collectors.joining(File.pathSeparator)),
                        Installation.here()
                                .home()
                                .resolve("deploy/docs/examples/Outcomes.java")
                                .toString(),
                        story.suite.stack.bootstrapServers())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            await().atMost(Scenario.LIMIT)
                    .untilAsserted(() -> assertThat(Files.readString(said))
                            .contains(rollback + ": spare is back, the failed database is "
                                    + completed.failedDatabase()));
        } finally {
            subscriber.destroy();
            assertThat(subscriber.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(said)).doesNotContain("passed over").containsOnlyOnce(rollback);
    }
}
