package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArchiveSuiteExtension.class)
class ColdArchiveTest {

    private static final String PRICES = "select sum(price)::text from products";

    @Test
    void without_a_warm_shadow_the_archive_is_restored_and_everybody_sees_how_far_it_is(ArchiveSuite suite)
            throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        List<String> before = suite.server().list(ArchiveSuite.COLD, PRICES);
        suite.server().execute(ArchiveSuite.COLD, "update products set price = price + 1000");
        suite.server().execute("postgres", "drop database " + proven.shadow().name());

        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), Way.of("full"));
        JsonNode shown = statusWhileRestoring(suite, rollback);
        RollbackOutcomeEvent.Completed done = suite.outcome(rollback, RollbackOutcomeEvent.Completed.class);

        assertThat(suite.planned(rollback, "full").plan().warmShadow()).isFalse();
        assertThat(shown.path("phase").asText()).isIn("checking", "restoring", "indexing", "analyzing", "comparing");
        assertThat(shown.path("percent").asInt()).isBetween(0, 100);
        assertThat(progress(suite, rollback)).isNotEmpty();
        assertThat(suite.server().list(ArchiveSuite.COLD, PRICES)).isEqualTo(before);
        assertThat(suite.server().list(ArchiveSuite.COLD, "select count(*) from pg_stats where tablename = 'orders'"))
                .as("what the planner needs to know is there")
                .doesNotContain("0");
        assertThat(done.failedDatabase()).startsWith("cold__failed_");
    }

    @Test
    void a_shadow_that_somebody_has_opened_is_not_used(ArchiveSuite suite) throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        String shadow = proven.shadow().name();
        suite.server().execute("postgres", "alter database " + shadow + " with allow_connections true");
        suite.server().execute(shadow, "update products set price = -1");

        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), Way.of("full"));
        suite.outcome(rollback, RollbackOutcomeEvent.Completed.class);

        assertThat(suite.server().list(ArchiveSuite.COLD, "select count(*) from products where price = -1"))
                .containsExactly("0");
    }

    @Test
    void the_death_of_the_snapshot_service_in_the_middle_of_a_restore_only_delays_it(ArchiveSuite suite)
            throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        List<String> before = suite.server().list(ArchiveSuite.COLD, PRICES);
        suite.server().execute(ArchiveSuite.COLD, "update products set price = price + 1000");
        suite.server().execute("postgres", "drop database " + proven.shadow().name());
        List<String> others = shadows(suite);

        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), Way.of("full"));
        await().atMost(ArchiveSuite.LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !shadows(suite).equals(others));
        ServiceProcess service = suite.stack.service(Service.SNAPSHOT);
        service.kill();
        assertThat(suite.events.all(RestoreEvent.Completed.class))
                .noneMatch(event -> event.restore().equals(rollback));
        service.restart();

        suite.outcome(rollback, RollbackOutcomeEvent.Completed.class);
        assertThat(suite.server().list(ArchiveSuite.COLD, PRICES)).isEqualTo(before);
        assertThat(suite.server().live(ArchiveSuite.COLD)).isOne();
    }

    @Test
    void an_altered_archive_is_refused_with_what_was_expected_and_nothing_is_changed(ArchiveSuite suite)
            throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        suite.server().execute("postgres", "drop database " + proven.shadow().name());
        Path largest = largestFile(suite, proven.snapshot());
        byte[] bytes = Files.readAllBytes(largest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(largest, bytes);
        List<String> databases = suite.server().databasesOf(ArchiveSuite.COLD);

        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), Way.of("full"));
        RollbackOutcomeEvent.Refused refused = suite.outcome(rollback, RollbackOutcomeEvent.Refused.class);

        assertThat(refused.reason())
                .contains("the archive is damaged")
                .contains(String.valueOf(largest.getFileName()))
                .contains("expected, found");
        assertThat(suite.server().databasesOf(ArchiveSuite.COLD)).isEqualTo(databases);
    }

    @Test
    void copies_that_are_only_counted_against_go_when_they_are_counted(ArchiveSuite suite) throws Exception {
        SnapshotEvent.Proven proven = suite.proven(ArchiveSuite.COLD);
        List<String> others = shadows(suite);
        String rollback = suite.request(ArchiveSuite.COLD, proven.migration(), Way.of("full"));
        suite.outcome(rollback, RollbackOutcomeEvent.Completed.class);

        assertThat(suite.events.await(
                        RollbackEvent.LossCounted.class,
                        event -> event.rollback().equals(rollback),
                        ArchiveSuite.LIMIT))
                .isPresent();

        others.remove(proven.shadow().name());
        await().atMost(ArchiveSuite.LIMIT)
                .untilAsserted(() -> assertThat(shadows(suite)).isSubsetOf(others));
    }

    private static JsonNode statusWhileRestoring(ArchiveSuite suite, String rollback) throws IOException {
        AtomicReference<JsonNode> seen = new AtomicReference<>(MissingNode.getInstance());
        try (ServiceClient client = suite.client(Service.ROLLBACK)) {
            await().atMost(ArchiveSuite.LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        JsonNode view = client.get("/rollbacks/" + rollback).body();
                        if (view.path("restore").isObject()) seen.set(view.path("restore"));
                        return seen.get().isObject() || view.path("finished").asBoolean();
                    });
        }
        assertThat(seen.get())
                .as("progress in the status while it was restored")
                .isNotNull();
        return seen.get();
    }

    private static List<RestoreEvent.Progressed> progress(ArchiveSuite suite, String rollback) {
        return suite.events.all(RestoreEvent.Progressed.class).stream()
                .filter(event -> event.restore().equals(rollback))
                .toList();
    }

    private static List<String> shadows(ArchiveSuite suite) throws SQLException {
        return suite.server()
                .list("postgres", "select datname from pg_database where datname like 'cold\\_\\_shadow%' order by 1");
    }

    private static Path largestFile(ArchiveSuite suite, String snapshot) throws IOException {
        Path archive =
                suite.store().resolve(ArchiveSuite.COLD).resolve(snapshot).resolve("archive");
        try (Stream<Path> files = Files.list(archive)) {
            return files.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }
}
