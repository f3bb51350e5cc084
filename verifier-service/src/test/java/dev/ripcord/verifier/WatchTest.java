package dev.ripcord.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rollbacks that have ended, watched closely for four seconds and for eight in all. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class WatchTest {

    private static final String SHOP = "enrolled-shop";

    private final String rollback = "watched-" + UUID.randomUUID();
    private final String snapshot = UUID.randomUUID().toString();

    @Inject
    StateDatabase state;

    private Asker suite;
    private Prometheus prometheus;

    @BeforeEach
    void open() throws IOException {
        suite = new Asker();
        prometheus = new Prometheus(ConfigProvider.getConfig().getValue("test.prometheus-port", Integer.class));
    }

    @AfterEach
    void close() throws InterruptedException {
        suite.close();
        prometheus.close();
    }

    @Test
    void what_stays_well_is_told_after_the_close_watch_and_at_the_end() throws IOException {
        Instant takenAt = ended();
        WatchEvent.Completed completed = last(WatchEvent.Completed.class);
        assertThat(completed.verdict()).isEqualTo(Verdict.passed);
        assertThat(completed.seconds()).isBetween(8L, 30L);
        assertThat(completed.regressions()).isZero();
        assertThat(completed.checks()).extracting(CheckResult::check).containsExactly("metrics", "queries");
        assertThat(last(WatchEvent.Settled.class).looks()).isLessThan(completed.looks());
        assertThat(all(WatchEvent.Regressed.class)).isEmpty();
        assertThat(prometheus.asked())
                .as("the value now is held against the one from before the migration")
                .anySatisfy(form -> assertThat(form).containsEntry("time", takenAt.toString()));
    }

    @Test
    void what_gets_worse_is_told_at_once_and_once_and_what_recovers_ends_well() throws Exception {
        ended();
        await().atMost(Duration.ofSeconds(20)).until(() -> !prometheus.asked().isEmpty());
        change("insert into orders (customer) select 1");
        try {
            WatchEvent.Regressed regressed = last(WatchEvent.Regressed.class);
            assertThat(regressed.checks()).extracting(CheckResult::check).containsExactly("queries");
            assertThat(all(WatchEvent.Completed.class)).isEmpty();
            last(WatchEvent.Settled.class);
        } finally {
            change("delete from orders where id = (select max(id) from orders)");
        }
        WatchEvent.Completed completed = last(WatchEvent.Completed.class);
        assertThat(completed.verdict()).isEqualTo(Verdict.passed);
        assertThat(completed.regressions()).isEqualTo(1);
        assertThat(all(WatchEvent.Regressed.class)).hasSize(1);
    }

    @Test
    void metrics_are_given_the_close_watch_to_come_back() throws IOException {
        prometheus.now = "7";
        ended();
        WatchEvent.Regressed regressed = last(WatchEvent.Regressed.class);
        assertThat(regressed.checks()).extracting(CheckResult::check).containsExactly("metrics");
        WatchEvent.Settled settled = last(WatchEvent.Settled.class);
        assertThat(settled.verdict()).isEqualTo(Verdict.failed);
        assertThat(settled.looks()).isEqualTo(regressed.looks());
    }

    @Test
    void a_later_rollback_ends_the_watch_of_the_one_before() throws IOException {
        ended();
        await().atMost(Duration.ofSeconds(20)).until(() -> !prometheus.asked().isEmpty());
        suite.send(new RollbackOutcomeEvent.Undone(SHOP, "later-" + rollback, rollback, "kept", 1, 1));
        await().atMost(Duration.ofSeconds(40))
                .until(() -> suite.watched().stream()
                        .anyMatch(event -> event instanceof WatchEvent.Completed
                                && event.rollback().equals("later-" + rollback)));
        assertThat(all(WatchEvent.Completed.class)).isEmpty();
    }

    @Test
    void what_went_to_the_second_server_is_looked_at_there() throws IOException {
        suite.send(new RollbackOutcomeEvent.Moved(
                "moved-shop", rollback, snapshot, "there", "here", true, List.of(), 1, "undo"));
        WatchEvent.Settled settled = last(WatchEvent.Settled.class);
        // which knows it under its other id, and says so; where it was before, nobody answers
        assertThat(settled.checks())
                .filteredOn(check -> check.check().equals("queries"))
                .flatExtracting(CheckResult::findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.found())
                        .startsWith("Database moved-shop is not enrolled on 127.0.0.1:"
                                + EmbeddedInfrastructure.shared().postgres().port()));
        // it was verified before, and nobody can ask it any more: that is no good end
        assertThat(last(WatchEvent.Regressed.class).checks())
                .extracting(CheckResult::check)
                .containsExactly("queries");
        assertThat(last(WatchEvent.Completed.class).verdict()).isEqualTo(Verdict.failed);
    }

    @Test
    void a_verifier_that_is_killed_in_a_look_is_followed_by_one_that_goes_on_with_the_watch() throws IOException {
        ended();
        await().atMost(Duration.ofSeconds(20)).until(() -> !prometheus.asked().isEmpty());
        await().until(() -> state.query(
                                "update task set owner = 'killed', fence = fence + 1, due_at = now(), lease_until = now() + interval '2 seconds'"
                                        + " where kind = 'watch' and id = $1 and owner is null returning id",
                                rollback)
                        .size()
                == 1);
        WatchEvent.Completed completed = last(WatchEvent.Completed.class);
        assertThat(completed.verdict()).isEqualTo(Verdict.passed);
        assertThat(all(WatchEvent.Settled.class)).hasSize(1);
        assertThat(all(WatchEvent.Completed.class)).hasSize(1);
    }

    /** A rollback to a snapshot from an hour ago has ended just now. */
    private Instant ended() throws IOException {
        Path file = ConfigProvider.getConfig().getValue("test.manifest", Path.class);
        Manifest manifest = KafkaBinding.JSON.readValue(file.toFile(), Manifest.class);
        suite.send(new SnapshotEvent.Proven(
                SHOP, snapshot, "v42", "clone", manifest.takenAt(), new Shadow("shadow", 1, "1", "1"), manifest, 1));
        suite.send(new RollbackOutcomeEvent.Completed(
                SHOP, rollback, snapshot, "kept", 1, 1, List.of(), List.of(), "undo", null));
        return manifest.takenAt();
    }

    private <E extends WatchEvent> E last(Class<E> type) {
        await().atMost(Duration.ofSeconds(40)).until(() -> !all(type).isEmpty());
        return all(type).getLast();
    }

    private <E extends WatchEvent> List<E> all(Class<E> type) {
        return suite.watched().stream()
                .filter(event -> event.rollback().equals(rollback))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static void change(String sql) throws SQLException {
        EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.shared();
        try (Connection connection = infrastructure.postgres().connect("enrolled_shop");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
