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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
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
        hears(subscriber, said, rollback + ": spare is back, the failed database is " + completed.failedDatabase());
        assertThat(Files.readString(said)).doesNotContain("passed over").containsOnlyOnce(rollback);
    }

    @Test
    @EnabledIf("kcatIsInstalled")
    void a_client_in_another_language_hears_it_with_the_line_of_the_documentation(Scenario story) throws Exception {
        OnSpare.gate(story);
        String rollback = story.request(story.suite.spare, "heard-" + Scenario.shortId());
        RollbackOutcomeEvent.Completed completed = story.completed(rollback);
        String line = Files.readAllLines(Installation.here().home().resolve("deploy/docs/kafka.md")).stream()
                .filter(each -> each.startsWith("kcat "))
                .findFirst()
                .orElseThrow();
        Path said = folder.resolve("said");

        Process kcat = new ProcessBuilder(
                        "sh", "-c", "exec " + line.replace("127.0.0.1:9092", story.suite.stack.bootstrapServers()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        hears(kcat, said, completed.failedDatabase());
        assertThat(Files.readAllLines(said))
                .filteredOn(each -> each.contains(rollback))
                .singleElement()
                .satisfies(record -> assertThat(record)
                        .contains("ce_type=rollback.completed")
                        .contains(" spare {"));
    }

    static boolean kcatIsInstalled() {
        return Stream.of("/usr/bin/kcat", "/usr/local/bin/kcat", "/opt/homebrew/bin/kcat")
                .map(Path::of)
                .anyMatch(Files::isExecutable);
    }

    private static void hears(Process subscriber, Path said, String words) throws InterruptedException {
        try {
            await().atMost(Scenario.LIMIT)
                    .untilAsserted(() -> assertThat(Files.readString(said)).contains(words));
        } finally {
            subscriber.destroy();
            assertThat(subscriber.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
