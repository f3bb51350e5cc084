package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the decision policy says of a request before it becomes a rollback. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class JudgedTest {

    @TestHTTPResource("/")
    URI service;

    @Inject
    KnownSnapshots snapshots;

    @Inject
    KnownMigrations migrations;

    private Suite suite;
    private People people;

    @BeforeEach
    void open() {
        suite = new Suite();
        people = new People(service);
    }

    @AfterEach
    void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void what_the_policy_refuses_is_refused_with_its_reason_and_a_person_with_a_token_overrules_it()
            throws SQLException {
        suite.snapshot("judged", "ju");
        suite.migrated("judged", "ju");

        await().until(() -> people.asks(
                        "vic", "viewer", "decisions", Map.of("database", "judged", "signals", List.of("dataWrong")))
                .body()
                .toString()
                .contains("migration: unknown, completed, 0 min ago"));

        ask("r-slow", List.of("performanceSlight"), null);
        Refused slow = refused("r-slow");
        assertThat(slow.reason())
                .contains("rule slightly-slow-and-asked")
                .contains("no reason to take the database back");
        assertThat(slow.next()).contains("--override REASON");

        suite.publish(new Requested(
                "judged",
                "j-forged",
                null,
                null,
                null,
                "broken",
                "ann",
                null,
                List.of("performanceSlight"),
                "I say so",
                null));
        assertThat(refused("j-forged").reason()).contains("overruled over HTTP only");

        suite.publish(new Requested(
                "judged",
                "r-alert",
                null,
                null,
                null,
                "alert",
                "alertmanager",
                null,
                List.of("featureBroken"),
                null,
                true));
        Refused alert = refused("r-alert");
        assertThat(alert.reason()).contains("rule feature-broken");
        assertThat(alert.next()).contains("Turn the feature off");

        ask("r-feature", List.of("featureBroken"), null);
        planned("r-feature");
        cancel("r-feature");

        ask("r-overruled", List.of("performanceSlight"), "the board wants it");
        planned("r-overruled");
        assertThat(suite.hears(
                                RollbackEvent.Step.class,
                                event -> event.rollback().equals("r-overruled"))
                        .detail())
                .contains("ann overrules it: the board wants it");
        cancel("r-overruled");
    }

    @Test
    void a_migration_whose_gate_stayed_closed_has_not_run_and_is_in_nobodys_way() throws SQLException {
        suite.snapshot("shut", "su");
        suite.migrated("shut", "su");
        suite.publish(new MigrationEvent.Started("shut", "V2", "pipeline"));
        awaitRunning("V2");
        askFor("shut", "r-shut-1", List.of("dataWrong"), null);
        assertThat(refused("r-shut-1").reason()).contains("V2 began at");

        suite.publish(new SnapshotEvent.Failed("shut", "shut-2", "V2", "no room on the disk", "make room"));

        awaitRunning("");
        suite.publish(new MigrationEvent.Started("shut", "V4", "pipeline"));
        suite.publish(new SnapshotEvent.Completed("shut", "shut-4", "V4", "clone", Instant.now(), 1, 1, 1));
        suite.publish(new SnapshotEvent.Failed("shut", "shut-5", "V4", "an earlier run may go on", "tell its end"));
        suite.publish(new MigrationEvent.Started("shut", "V5", "pipeline"));
        awaitRunning("V5");
        suite.publish(new SnapshotEvent.Failed("shut", "shut-6", "V5", "another migration may go on", "wait"));
        awaitRunning("V4");
        suite.publish(new MigrationEvent.Completed("shut", "V4"));
        awaitRunning("");
        suite.publish(new SnapshotEvent.Completed("shut", "shut-3", "V3", "clone", Instant.now(), 1, 1, 1));
        suite.publish(new MigrationEvent.Started("shut", "V3", "pipeline"));
        awaitRunning("V3");
        suite.publish(new SnapshotEvent.Failed("shut", "shut-3", "V3", "it differs from its manifest", "ask again"));
        askFor("shut", "r-shut-2", List.of("dataWrong"), null);
        assertThat(refused("r-shut-2").reason())
                .as("nobody meant to go back further than the newest")
                .contains("snapshot shut-3 failed");
        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of(
                        "database", "shut",
                        "rollback", "r-shut-4",
                        "reason", "prices are wrong",
                        "way", Map.of("method", "full", "orRebuild", true)));
        assertThat(refused("r-shut-4").reason()).contains("nothing is built anew while there is snapshot su");
        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", "shut", "rollback", "r-shut-3", "reason", "prices are wrong", "snapshot", "su"));
        assertThat(refused("r-shut-3").reason())
                .as("its gate was open before its snapshot was doubted")
                .contains("V3 began at");
    }

    @Test
    void what_was_told_of_a_run_still_holds_when_a_later_one_of_the_same_migration_never_began() {
        suite.publish(new MigrationEvent.Started("unrun", "V1", "pipeline"));
        suite.publish(new MigrationEvent.Completed("unrun", "V1"));
        awaitState("V1", "completed");

        suite.publish(new MigrationEvent.Started("unrun", "V1", "pipeline"));
        awaitState("V1", "running");
        suite.publish(new MigrationEvent.Failed("unrun", "V1", MigrationEvent.Failed.NEVER_RAN));
        awaitState("V1", "completed");

        suite.publish(new MigrationEvent.Started("unrun", "V1", "pipeline"));
        awaitState("V1", "running");
        suite.publish(new SnapshotEvent.Failed("unrun", "unrun-3", "V1", "no room on the disk", "make room"));
        awaitState("V1", "completed");

        suite.publish(new MigrationEvent.Started("unrun", "V2", "pipeline"));
        awaitState("V2", "running");
        suite.publish(new MigrationEvent.Failed("unrun", "V2", MigrationEvent.Failed.NEVER_RAN));
        awaitState("V2", "neverApplied");
    }

    @Test
    void a_further_question_of_a_migration_does_not_move_the_beginning_of_its_run() {
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 60);
        told(new MigrationEvent.Completed("asked", "V1"), 50);
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 40);
        told(new MigrationEvent.Failed("asked", "V1", MigrationEvent.Failed.NEVER_RAN), 39);
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 38);
        told(new MigrationEvent.Failed("asked", "V1", MigrationEvent.Failed.NEVER_RAN), 37);
        awaitCourse(60, 50);

        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 30);
        awaitCourse(30, null);
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 25);
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 20);
        told(new MigrationEvent.Started("asked", "V2", "pipeline"), 35);
        awaitState("asked", "V2", "running");
        awaitCourse(30, null);
        told(new MigrationEvent.Failed("asked", "V1", "no such column"), 10);
        awaitCourse(30, 10);
        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 5);
        told(new MigrationEvent.Failed("asked", "V1", MigrationEvent.Failed.NEVER_RAN), 4);
        told(new MigrationEvent.Completed("asked", "V2"), 3);
        awaitState("asked", "V2", "completed");
        awaitCourse(30, 10);
        awaitState("asked", "V1", "failed");

        told(new MigrationEvent.Started("asked", "V1", "pipeline"), 2);
        told(new MigrationEvent.Completed("asked", "V1"), 1);
        awaitCourse(2, 1);
    }

    @Test
    void a_migration_that_is_declared_good_has_not_ended_just_now() {
        told(new MigrationEvent.Started("praised", "V1", "pipeline"), 300);
        told(new MigrationEvent.Failed("praised", "V1", "no such column"), 299);
        told(new MigrationEvent.Started("praised", "V1", "pipeline"), 298);
        told(new MigrationEvent.Failed("praised", "V1", MigrationEvent.Failed.NEVER_RAN), 297);
        awaitState("praised", "V1", "failed");
        told(new MigrationEvent.Accepted("praised", "V1", "ann"), 5);
        awaitState("praised", "V1", "completed, 299 min ago");
        told(new MigrationEvent.Accepted("praised", "V2", "ann"), 4);
        awaitState("praised", "V2", "completed, 4 min ago");
    }

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private void told(MigrationEvent event, int minutesAgo) {
        suite.publish(new Envelope<>(
                UUID.randomUUID().toString(), "/test", now.minus(minutesAgo, ChronoUnit.MINUTES), null, event));
    }

    private void awaitCourse(int begun, @Nullable Integer ended) {
        KnownMigrations.Course expected = new KnownMigrations.Course(
                "V1",
                now.minus(begun, ChronoUnit.MINUTES),
                ended == null ? null : now.minus(ended, ChronoUnit.MINUTES));
        await().untilAsserted(() -> assertThat(migrations.newest("asked")).contains(expected));
    }

    @Test
    void what_was_never_applied_is_gone_back_from_only_by_a_person_who_names_the_moment() throws SQLException {
        suite.snapshot("unapplied", "na");
        suite.publish(new MigrationEvent.Started("unapplied", "migration-na", "pipeline"));
        suite.publish(new MigrationEvent.Failed("unapplied", "migration-na", MigrationEvent.Failed.NEVER_RAN));
        suite.publish(new MigrationEvent.Started("unapplied", "V0", "pipeline"));
        suite.publish(new MigrationEvent.Completed("unapplied", "V0"));
        awaitState("unapplied", "migration-na", "neverApplied");
        awaitState("unapplied", "V0", "completed");

        suite.publish(new Requested(
                "unapplied",
                "r-na-alert",
                "migration-na",
                "na",
                null,
                "alert",
                "alertmanager",
                null,
                List.of("dataWrong"),
                null,
                true));
        assertThat(refused("r-na-alert").reason()).contains("rule never-applied");

        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", "unapplied", "rollback", "r-na-1", "reason", "wrong", "migration", "migration-na"));
        Refused unnamed = refused("r-na-1");
        assertThat(unnamed.reason()).contains("migration migration-na was never applied");
        assertThat(unnamed.next()).contains("name the snapshot").contains("ripcord snapshots unapplied");

        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", "unapplied", "rollback", "r-na-2", "reason", "wrong", "snapshot", "na"));
        RollbackEvent.Planned planned = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-na-2"));
        assertThat(planned.plan().advice().decision()).isEqualTo("roll back");
        cancel("r-na-2");
    }

    @Test
    void a_run_that_never_began_hides_neither_the_migration_nor_the_snapshot_before_it() {
        taken("unbegun-1", Instant.now());
        suite.publish(new MigrationEvent.Started("unbegun", "V1", "pipeline"));
        awaitState("unbegun", "V1", "running");
        suite.publish(new MigrationEvent.Completed("unbegun", "V1"));
        awaitState("unbegun", "V1", "completed");

        suite.publish(new MigrationEvent.Started("unbegun", "V1", "pipeline"));
        awaitState("unbegun", "V1", "running");
        taken("unbegun-2", Instant.now());
        assertThat(meant(null, "V1")).isEqualTo("unbegun-2");
        suite.publish(new MigrationEvent.Failed("unbegun", "V1", MigrationEvent.Failed.NEVER_RAN));
        awaitState("unbegun", "V1", "completed");

        assertThat(meant(null, "V1")).isEqualTo("unbegun-1");
        assertThat(meant(null, null)).isEqualTo("unbegun-1");
        assertThat(meant("unbegun-2", null)).isEqualTo("unbegun-2");
        suite.publish(new MigrationEvent.Started("unbegun", "V2", "pipeline"));
        awaitState("unbegun", "V2", "running");
        suite.publish(new MigrationEvent.Failed("unbegun", "V2", MigrationEvent.Failed.NEVER_RAN));
        awaitState("unbegun", "V2", "neverApplied");
        assertThat(migrations.newest("unbegun"))
                .hasValueSatisfying(course -> assertThat(course.migration()).isEqualTo("V1"));
    }

    private void taken(String snapshot, Instant at) {
        suite.publish(new SnapshotEvent.Completed("unbegun", snapshot, "V1", "clone", at, 1, 1, 1));
        await().until(() -> snapshots
                .meant("unbegun", snapshot, null)
                .filter(known ->
                        known.takenAt() != null && !known.takenAt().isBefore(at.truncatedTo(ChronoUnit.MILLIS)))
                .isPresent());
    }

    private String meant(@Nullable String snapshot, @Nullable String migration) {
        return snapshots.meant("unbegun", snapshot, migration).orElseThrow().id();
    }

    private void awaitState(String migration, String state) {
        awaitState("unrun", migration, state);
    }

    private void awaitState(String database, String migration, String state) {
        await().until(() -> people.asks(
                        "vic", "viewer", "decisions", Map.of("database", database, "migration", migration))
                .body()
                .toString()
                .contains("migration: unknown, " + state));
    }

    @Test
    void what_is_built_anew_is_judged_as_well() throws SQLException {
        suite.snapshot("anew", "an");
        suite.migrated("anew", "an");
        awaitState("anew", "migration-an", "completed");
        suite.snapshot("anew", "an2");
        suite.publish(new MigrationEvent.Started("anew", "migration-an2", "pipeline"));
        suite.publish(new MigrationEvent.Failed("anew", "migration-an2", MigrationEvent.Failed.NEVER_RAN));
        awaitState("anew", "migration-an2", "neverApplied");

        askForRebuild("r-anew-1", null);
        Refused refused = refused("r-anew-1");
        assertThat(refused.reason()).contains("rule rebuild-despite-snapshot").contains("A proven snapshot is there");
        assertThat(refused.next()).contains("Ask for the method full").contains("--override REASON");

        askForRebuild("r-anew-2", "the board wants it");
        assertThat(refused("r-anew-2").reason())
                .as("the policy is passed: what stops it is that there are no scripts")
                .contains("names no scripts that build anew");

        suite.publish(new MigrationEvent.Started("anew", "V2", "pipeline"));
        awaitState("anew", "V2", "running");
        askForRebuild("r-anew-3", "the board wants it");
        assertThat(refused("r-anew-3").reason())
                .contains("rule migration-running")
                .contains("V2 began at");
    }

    private void askForRebuild(String rollback, @Nullable String overrides) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", "anew");
        body.put("rollback", rollback);
        body.put("reason", "start over");
        body.put("way", Map.of("method", "rebuild"));
        body.put("overrides", overrides);
        people.asks("ann", "requester", "rollbacks", body);
    }

    @Test
    void what_an_expired_snapshot_held_is_kept_only_while_a_rollback_goes_on() throws SQLException {
        for (String each : List.of("od1", "od2", "od3")) {
            suite.snapshot("outdated", each);
            OnServer.execute(
                    "ripcord_state",
                    "insert into rollback.bundle (snapshot, content) values ('" + each + "', '{\"files\": []}')");
        }
        suite.migrated("outdated", "od1");
        awaitState("outdated", "migration-od1", "completed");
        SnapshotEvent.Proven proven = suite.hears(
                SnapshotEvent.Proven.class, event -> event.snapshot().equals("od1"));
        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", "outdated", "rollback", "r-outdated", "reason", "wrong", "snapshot", "od1"));
        planned("r-outdated");

        expire("od2");
        assertThat(held("od1", "od2", "od3")).isEqualTo(6);
        cancel("r-outdated");
        expire("od1");
        assertThat(held("od1", "od2")).isZero();
        assertThat(held("od3")).isEqualTo(2);

        suite.publish(proven);
        expire("od3");
        assertThat(held("od1", "od2", "od3")).isZero();
        assertThat(snapshots.meant("outdated", "od1", null))
                .hasValueSatisfying(known -> assertThat(known.expired()).isTrue());
    }

    private void expire(String snapshot) throws SQLException {
        suite.publish(new SnapshotEvent.Expired("outdated", snapshot, "migration-" + snapshot, "its time is over"));
        await().until(() -> snapshots
                .meant("outdated", snapshot, null)
                .filter(KnownSnapshots.Known::expired)
                .isPresent());
    }

    /** Manifests, and the migration tool's files. */
    private static long held(String... snapshots) throws SQLException {
        String some = " in ('" + String.join("', '", snapshots) + "')";
        return OnServer.count("select (select count(*) from rollback.known_snapshot where manifest is not null and id"
                + some + ") + (select count(*) from rollback.bundle where snapshot" + some + ")");
    }

    @Test
    void a_signal_that_nobody_knows_is_answered() {
        assertThat(ask("r-unknown", List.of("bad weather"), null).status()).isEqualTo(400);
    }

    @Test
    void whose_migration_nobody_has_told_anything_of_is_refused_until_somebody_overrules_it() throws SQLException {
        suite.snapshot("waiting", "wa");
        assertThat(people.asks(
                                "ann",
                                "requester",
                                "rollbacks",
                                Map.of("database", "waiting", "rollback", "r-silent", "reason", "broken"))
                        .status())
                .isEqualTo(202);
        assertThat(refused("r-silent").reason()).contains("rule state-unknown");
    }

    @Test
    void while_a_migration_runs_nothing_goes_back_and_ending_it_is_a_signed_act_of_its_own() throws Exception {
        suite.snapshot("hung", "hu");
        suite.publish(new MigrationEvent.Started("hung", "migration-hu", "pipeline"));
        try (Connection report = Shops.connect("hung");
                Connection index = Shops.connect("hung");
                Connection migration = Shops.connect("hung")) {
            int reporter = begin(report, "report", "select count(*) from orders");
            int indexer = begin(index, "index", "lock table orders in share mode");
            migration.setAutoCommit(false);
            int migrator = pid(migration, "flyway");
            Thread alter = Thread.ofVirtual().start(() -> alter(migration));
            await().until(() -> people.looks("ben", "approver", "migrations/hung")
                    .body()
                    .toString()
                    .contains("waits for a lock"));
            assertThat(end("approver", indexer, EnrolledDatabase.END_WORD)
                            .body()
                            .path("done")
                            .asText())
                    .as("the migration that waited for it goes on")
                    .endsWith("is gone");
            await().until(() -> people.looks("ben", "approver", "migrations/hung")
                    .body()
                    .toString()
                    .contains("\"waitsFor\":[" + reporter + "]"));

            askFor("hung", "r-hung", List.of("dataWrong"), "do it anyway");
            Refused hung = refused("r-hung");
            assertThat(hung.reason())
                    .contains("rule migration-running")
                    .contains("this rule cannot be overruled")
                    .contains("pid " + migrator)
                    .contains("changes the schema waits for pid " + reporter);
            assertThat(hung.next())
                    .contains("ripcord gate hung 'migration-hu' --completed")
                    .contains("ripcord migration end hung");

            assertThat(end("requester", migrator, EnrolledDatabase.END_WORD).status())
                    .isEqualTo(403);
            assertThat(end("approver", migrator, "yes").status()).isEqualTo(422);
            assertThat(end("approver", null, EnrolledDatabase.END_WORD).status())
                    .as("it runs still")
                    .isEqualTo(409);
            assertThat(end("approver", 1, EnrolledDatabase.END_WORD).status()).isEqualTo(409);
            assertThat(end("approver", migrator, EnrolledDatabase.END_WORD)
                            .body()
                            .path("done")
                            .asText())
                    .contains("is gone; migration migration-hu is told to have failed");
            alter.join(Duration.ofSeconds(10));
            assertThat(report.isValid(1)).isTrue();
        }
        suite.hears(
                MigrationEvent.SessionEnded.class,
                event -> event.database().equals("hung") && event.approver().equals("ben"));
        assertThat(suite.hears(
                                MigrationEvent.Failed.class,
                                event -> event.database().equals("hung"))
                        .reason())
                .contains("ben had its session ended: it hangs");
        askFor("hung", "r-hung-2", List.of("dataWrong"), null);
        planned("r-hung-2");
        cancel("r-hung-2");
    }

    private void awaitRunning(String migration) {
        await().until(() -> people.looks("ben", "approver", "migrations/shut")
                .body()
                .at("/running/migration")
                .asText("")
                .equals(migration));
    }

    private People.Answer ask(String rollback, List<String> signals, @Nullable String overrides) {
        return askFor("judged", rollback, signals, overrides);
    }

    private People.Answer askFor(String database, String rollback, List<String> signals, @Nullable String overrides) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("database", database);
        body.put("rollback", rollback);
        body.put("reason", "prices are wrong");
        body.put("signals", signals);
        body.put("overrides", overrides);
        return people.asks("ann", "requester", "rollbacks", body);
    }

    private People.Answer end(String role, @Nullable Integer pid, String word) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("pid", pid);
        body.put("word", word);
        body.put("reason", "it hangs");
        return people.asks("ben", role, "migrations/hung/end", body);
    }

    private Refused refused(String rollback) {
        return suite.hears(Refused.class, event -> event.rollback().equals(rollback));
    }

    private void planned(String rollback) {
        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals(rollback));
    }

    private void cancel(String rollback) {
        people.asks("ann", "requester", "rollbacks/" + rollback + "/cancel", Map.of("reason", "only a test"));
        refused(rollback);
    }

    private static int begin(Connection connection, String application, String sql) throws SQLException {
        connection.setAutoCommit(false);
        int pid = pid(connection, application);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return pid;
    }

    private static int pid(Connection connection, String application) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set application_name = '" + application + "'");
            var row = statement.executeQuery("select pg_backend_pid()");
            row.next();
            return row.getInt(1);
        }
    }

    private static void alter(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter table orders add column hung int");
        } catch (SQLException e) {
            // it was ended, as it should be
        }
    }
}
