package dev.ripcord.snapshot.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.EnrolledShops;
import dev.ripcord.snapshot.Pipeline;
import dev.ripcord.snapshot.Pipeline.Answer;
import dev.ripcord.snapshot.SampleDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(EnrolledShops.class)
class GateTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Pipeline pipeline = new Pipeline(ConfigProvider.getConfig().getValue("test.url", URI.class));

    @AfterEach
    void disconnect() {
        pipeline.close();
    }

    @Test
    void the_gate_opens_when_the_snapshot_is_taken_and_the_snapshot_is_proven_soon_after() {
        Answer gate = pipeline.post("/gates/shop/V1?waitSeconds=60");

        assertThat(gate.status()).isEqualTo(200);
        String id = gate.body().get("snapshot").asText();
        assertThat(id).matches("[a-z0-9]{12}");
        assertThat(gate.body().get("millis").asLong()).isPositive();
        SnapshotEvent.Proven proven = await().atMost(SOON)
                .until(() -> of(SnapshotEvent.Proven.class, "shop", "V1"), found -> !found.isEmpty())
                .getFirst();
        assertThat(proven.snapshot()).isEqualTo(id);
        assertThat(proven.shadow().name()).isEqualTo("shop__shadow_" + id);
        assertThat(of(SnapshotEvent.Started.class, "shop", "V1")).hasSize(1);
        assertThat(of(SnapshotEvent.Completed.class, "shop", "V1")).hasSize(1);
        assertThat(EnrolledShops.shop("shop").open()).isTrue();
        assertThat(pipeline.get("/snapshots/" + id).body().get("proven").asBoolean())
                .isTrue();
        assertThat(pipeline.get("/snapshots/" + id + "/manifest").body().get("tables"))
                .isNotEmpty();
        assertThat(pipeline.get("/snapshots?database=shop").body()).isNotEmpty();
        assertThat(pipeline.get("/q/metrics").body().get("text").asText())
                .contains("ripcord_snapshot_taken_seconds_count{form=\"clone\"")
                .contains("ripcord_snapshot_pause_seconds_count");
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                pipeline.get("/q/metrics").body().get("text").asText())
                        .containsPattern("ripcord_snapshot_kept\\{database=\"shop\"[^}]*\\} [1-9]")
                        .containsPattern("ripcord_snapshot_kept_size_bytes\\{database=\"shop\"[^}]*\\} [1-9]"));
    }

    @Test
    void one_migration_has_one_snapshot_however_often_and_in_whatever_order_it_says_that_it_starts() {
        Envelope<MigrationEvent.Started> started = Envelope.of("/test", new MigrationEvent.Started("shop", "V2", null));
        pipeline.send(started);
        pipeline.send(started);
        String first = pipeline.post("/gates/shop/V2").body().get("snapshot").asText();
        pipeline.send(new MigrationEvent.Started("shop", "V2", "again"));
        await().atMost(SOON)
                .until(() -> !of(SnapshotEvent.Proven.class, "shop", "V2").isEmpty());
        pipeline.send(new MigrationEvent.Completed("shop", "V2"));
        // what was sent before the end and arrives after it
        pipeline.send(new Envelope<>("late", "/test", started.time(), null, started.event()));

        Answer gate = pipeline.get("/gates/shop/V2?waitSeconds=1");

        assertThat(gate.body().get("snapshot").asText()).isEqualTo(first);
        assertThat(of(SnapshotEvent.Started.class, "shop", "V2")).hasSize(1);
    }

    @Test
    void the_others_hear_once_for_each_run_that_a_migration_was_asked_for_at_the_gate() {
        pipeline.post("/gates/shop/V4");
        pipeline.post("/gates/shop/V4?waitSeconds=1");
        await().atMost(SOON)
                .until(() -> begun("shop", "V4"), heard -> heard.size() == 1)
                .forEach(event -> assertThat(event.requestedBy()).isEqualTo("tester"));
        pipeline.post("/gates/shop/V4/completed");

        pipeline.post("/gates/shop/V4");

        await().during(Duration.ofSeconds(1))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(begun("shop", "V4")).hasSize(2));
        assertThat(of(SnapshotEvent.Started.class, "shop", "V4")).hasSize(2);
    }

    @Test
    void what_was_told_over_kafka_is_not_announced_again_when_its_pipeline_asks_at_the_gate_too() {
        pipeline.send(new MigrationEvent.Started("shop", "V5", "over Kafka"));
        await().atMost(SOON)
                .until(() -> !of(SnapshotEvent.Started.class, "shop", "V5").isEmpty());

        assertThat(pipeline.post("/gates/shop/V5").status()).isEqualTo(200);

        await().during(Duration.ofSeconds(1))
                .atMost(SOON)
                .untilAsserted(() -> assertThat(begun("shop", "V5"))
                        .containsExactly(new MigrationEvent.Started("shop", "V5", "over Kafka")));
        assertThat(of(SnapshotEvent.Started.class, "shop", "V5")).hasSize(1);
    }

    @Test
    void a_migration_that_ended_and_starts_again_gets_another_snapshot() {
        String first = pipeline.post("/gates/shop/V3").body().get("snapshot").asText();
        pipeline.send(new MigrationEvent.Failed("shop", "V3", "it did not work"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pipeline.post("/gates/shop/V3")
                                .body()
                                .get("snapshot")
                                .asText())
                        .isNotEqualTo(first));
    }

    @Test
    void the_gate_stays_closed_with_the_reason_while_a_migration_holds_its_lock_and_opens_to_the_next_question()
            throws SQLException {
        SampleDatabase shop = EnrolledShops.shop("late-shop");
        try (Connection migration = shop.connect();
                Statement statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("alter table orders add column early int");

            Answer gate = pipeline.post("/gates/late-shop/V1?waitSeconds=60");

            assertThat(gate.status()).isEqualTo(409);
            assertThat(gate.body().get("reason").asText())
                    .contains("alter table")
                    .doesNotContain("early");
            assertThat(gate.body().get("next").asText()).isNotBlank();
            migration.rollback();
        }
        assertThat(shop.open()).isTrue();
        assertThat(shop.made("snapshot")).isZero();
        await().atMost(SOON)
                .until(() -> !of(SnapshotEvent.Failed.class, "late-shop", "V1").isEmpty());

        assertThat(pipeline.post("/gates/late-shop/V1?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void the_gate_stays_closed_while_another_migration_may_be_running_and_opens_when_its_end_is_told() {
        assertThat(pipeline.post("/gates/shop/M'1?waitSeconds=60").status()).isEqualTo(200);

        Answer gate = pipeline.post("/gates/shop/M2?waitSeconds=60");

        assertThat(gate.status()).isEqualTo(409);
        assertThat(gate.body().get("reason").asText()).contains("migration M'1", "nobody has told its end");
        assertThat(gate.body().get("next").asText())
                .contains("ripcord gate shop 'M'\\''1' --completed", "--failed REASON");
        assertThat(pipeline.post("/gates/shop/M'1?waitSeconds=60").status())
                .as("the one that runs asks again")
                .isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/M'1/completed").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/M2?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void an_end_that_is_told_over_kafka_opens_the_gate_that_the_next_migration_waits_at() {
        assertThat(pipeline.post("/gates/shop/M3?waitSeconds=60").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/M4?waitSeconds=1").status()).isEqualTo(202);

        pipeline.send(new MigrationEvent.Completed("shop", "M3"));

        assertThat(pipeline.get("/gates/shop/M4?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void a_migration_that_starts_over_kafka_alone_in_the_middle_of_another_gets_no_snapshot() {
        assertThat(pipeline.post("/gates/shop/M5?waitSeconds=60").status()).isEqualTo(200);

        pipeline.send(new MigrationEvent.Started("shop", "M6", null));

        assertThat(await().atMost(SOON)
                        .until(() -> of(SnapshotEvent.Failed.class, "shop", "M6"), failed -> !failed.isEmpty())
                        .getFirst()
                        .reason())
                .contains("migration M5");
        assertThat(of(SnapshotEvent.Completed.class, "shop", "M6")).isEmpty();
    }

    @Test
    void what_a_rollback_changes_in_place_neither_waits_for_a_migration_nor_is_one() {
        assertThat(pipeline.post("/gates/shop/M7?waitSeconds=60").status()).isEqualTo(200);

        assertThat(pipeline.post("/gates/shop/rollback%2FM7?waitSeconds=60").status())
                .isEqualTo(200);

        assertThat(pipeline.post("/gates/shop/M7/completed").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/M8?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void of_two_migrations_that_ask_at_once_one_is_let_through() throws Exception {
        CompletableFuture<Answer> other =
                CompletableFuture.supplyAsync(() -> pipeline.post("/gates/back-shop/M1?waitSeconds=60"));

        Answer one = pipeline.post("/gates/back-shop/M2?waitSeconds=60");

        assertThat(List.of(one.status(), other.get().status())).containsExactlyInAnyOrder(200, 409);
    }

    @Test
    void a_run_whose_end_was_not_told_for_a_day_is_forgotten() {
        String id = pipeline.post("/gates/shop/M9?waitSeconds=60")
                .body()
                .get("snapshot")
                .asText();
        taken(id, Duration.ofHours(25));

        assertThat(pipeline.post("/gates/shop/M10?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void a_run_begins_when_its_snapshot_is_taken_however_long_that_took() {
        String first = pipeline.post("/gates/shop/M11?waitSeconds=60")
                .body()
                .get("snapshot")
                .asText();
        EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                .run("update snapshot.snapshot set asked_at = asked_at - interval '2 hours' where id = '" + first
                        + "'");

        Answer again = pipeline.post("/gates/shop/M11?waitSeconds=60");
        taken(first, Duration.ofHours(25));
        Answer anotherRun = pipeline.post("/gates/shop/M11?waitSeconds=60");

        assertThat(again.body().get("snapshot").asText()).isEqualTo(first);
        assertThat(anotherRun.body().get("snapshot").asText()).isNotEqualTo(first);
    }

    @Test
    void of_a_migration_that_may_still_be_running_since_an_earlier_run_no_snapshot_is_taken() {
        String first = pipeline.post("/gates/shop/M12?waitSeconds=60")
                .body()
                .get("snapshot")
                .asText();
        taken(first, Duration.ofMinutes(61));

        Answer again = pipeline.post("/gates/shop/M12?waitSeconds=60");

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().get("reason").asText()).contains("an earlier run of migration M12");
        assertThat(again.body().get("next").asText()).contains("--snapshot " + first + " --completed");
        Answer failed = pipeline.post("/gates/shop/M12/failed", "{\"reason\": \"the gate is closed\"}");
        assertThat(failed.status())
                .as("of the run that may still be going on that says nothing")
                .isEqualTo(409);
        assertThat(failed.body().get("reason").asText()).contains(first);
        assertThat(failed.body().get("next").asText())
                .contains("ripcord gate shop 'M12' --snapshot " + first + " --failed REASON");
        assertThat(pipeline.post("/gates/shop/M12/completed?snapshot=nobodys").status())
                .isEqualTo(409);
        assertThat(pipeline.post("/gates/shop/M12/completed?snapshot=" + first).status())
                .isEqualTo(200);
        Answer next = pipeline.post("/gates/shop/M12?waitSeconds=60");
        assertThat(next.status()).isEqualTo(200);
        assertThat(next.body().get("snapshot").asText()).isNotEqualTo(first);
    }

    @Test
    void who_says_on_kafka_again_that_it_starts_hears_again_that_its_snapshot_is_taken() {
        pipeline.send(new MigrationEvent.Started("shop", "M13", "pipeline"));
        SnapshotEvent.Completed first = await().atMost(SOON)
                .until(() -> of(SnapshotEvent.Completed.class, "shop", "M13"), heard -> heard.size() == 1)
                .getFirst();

        pipeline.send(new MigrationEvent.Started("shop", "M13", "the same job, once more"));

        assertThat(await().atMost(SOON)
                        .until(() -> of(SnapshotEvent.Completed.class, "shop", "M13"), heard -> heard.size() == 2))
                .containsOnly(first);
        assertThat(of(SnapshotEvent.Started.class, "shop", "M13")).hasSize(1);
        assertThat(pipeline.post("/gates/shop/M13/completed").status()).isEqualTo(200);
    }

    @Test
    void who_asks_again_within_an_hour_has_the_same_snapshot_and_later_another() {
        String first = pipeline.post("/gates/shop/M15?waitSeconds=60")
                .body()
                .get("snapshot")
                .asText();

        taken(first, Duration.ofMinutes(58));
        Answer within = pipeline.post("/gates/shop/M15?waitSeconds=60");
        taken(first, Duration.ofMinutes(61));
        Answer later = pipeline.post("/gates/shop/M15?waitSeconds=1");

        assertThat(within.status()).isEqualTo(200);
        assertThat(within.body().get("snapshot").asText()).isEqualTo(first);
        assertThat(later.body().get("snapshot").asText()).isNotEqualTo(first);
    }

    @Test
    void an_end_by_a_clock_that_is_ahead_is_over_when_the_next_run_asks() {
        String first = pipeline.post("/gates/shop/M16?waitSeconds=60")
                .body()
                .get("snapshot")
                .asText();
        pipeline.send(new Envelope<>(
                "M16 by a clock that is ahead",
                "/test",
                Instant.now().plus(Duration.ofMinutes(10)),
                null,
                new MigrationEvent.Completed("shop", "M16")));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pipeline.post("/gates/shop/M16")
                                .body()
                                .get("snapshot")
                                .asText())
                        .isNotEqualTo(first));
    }

    /** As if it had been taken so long ago. */
    private void taken(String snapshot, Duration ago) {
        await().atMost(SOON)
                .until(() -> pipeline.get("/snapshots/" + snapshot)
                        .body()
                        .get("proven")
                        .asBoolean());
        // while the service is at it, it would write its own over this
        await().atMost(SOON)
                .until(() -> EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                        .value(
                                EmbeddedInfrastructure.STATE_DATABASE,
                                "with old as (update snapshot.task set document = jsonb_set(document, '{taken,takenAt}', '\""
                                        + Instant.now().minus(ago) + "\"') where id = '" + snapshot
                                        + "' and owner is null returning 1) select count(*) from old")
                        .equals("1"));
    }

    @Test
    void a_question_that_waits_shorter_than_the_snapshot_takes_is_told_to_ask_again() throws SQLException {
        try (Connection migration = EnrolledShops.shop("busy-shop").connect();
                Statement statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("lock table orders in share mode");

            Answer gate = pipeline.post("/gates/busy-shop/V1?waitSeconds=1");

            assertThat(gate.status()).isEqualTo(202);
            assertThat(gate.body().get("gate").asText()).isEqualTo("waiting");
        }
        assertThat(pipeline.get("/gates/busy-shop/V1?waitSeconds=60").status()).isIn(200, 409);
    }

    @Test
    void a_gate_waits_for_a_server_that_has_no_connection_left_and_says_so() {
        SampleDatabase shop = EnrolledShops.shop("shop");
        shop.run("postgres", "alter role ripcord_snapshot connection limit 1");
        try {
            shop.value("select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
                    + " where usename = 'ripcord_snapshot'");

            // longer than five attempts take
            Answer gate = pipeline.post("/gates/shop/M14?waitSeconds=8");

            assertThat(gate.status()).isEqualTo(202);
            assertThat(gate.body().get("state").asText()).isEqualTo("Taking");
            assertThat(gate.body().get("problem").asText()).contains("too many connections for role");
        } finally {
            shop.run("postgres", "alter role ripcord_snapshot connection limit 20");
        }
        assertThat(pipeline.get("/gates/shop/M14?waitSeconds=60").status()).isEqualTo(200);
    }

    @Test
    void another_servers_marker_keeps_the_gate_closed_and_changes_nothing() {
        Answer gate = pipeline.post("/gates/strange-shop/V1?waitSeconds=60");

        assertThat(gate.status()).isEqualTo(409);
        assertThat(gate.body().get("reason").asText()).contains("enrolment marker");
        assertThat(EnrolledShops.shop("strange-shop").open()).isTrue();
        assertThat(EnrolledShops.shop("strange-shop").made("snapshot")).isZero();
    }

    @Test
    void what_is_not_enrolled_is_refused() {
        assertThat(pipeline.post("/gates/nowhere/V1").status()).isEqualTo(404);

        pipeline.send(new MigrationEvent.Started("nowhere", "V1", null));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(pipeline.heard(SnapshotEvent.Failed.class, "nowhere"))
                        .isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%0Ab", "a%0D%0Ab", "a%00b", "a%E2%80%AEb", "%20", "a%E2%80%8Bb", "a%7Fb"})
    void a_migration_whose_name_cannot_be_shown_is_refused_and_told_what_a_name_is(String migration) {
        Answer asked = pipeline.post("/gates/shop/" + migration);

        assertThat(asked.status()).isEqualTo(400);
        assertThat(asked.body().path("reason").asText()).isNotBlank();
        assertThat(asked.body().path("next").asText()).isNotBlank();
        assertThat(pipeline.get("/gates/shop/" + migration + "?waitSeconds=1").status())
                .isIn(400, 404);
        assertThat(EnrolledShops.shop("shop").open()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x'; drop database shop; --", "postgresql://a:b@c/shop", "dbname=shop", "SHOP", "shop__shadow_1"
            })
    void a_database_of_any_other_name_is_not_enrolled(String name) {
        Answer asked = pipeline.post("/gates/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/V1");

        assertThat(asked.status()).isEqualTo(404);
        assertThat(asked.body().toString()).doesNotContain("Exception");
    }

    @Test
    void who_may_only_look_cannot_ask() {
        assertThat(pipeline.call("POST", "/gates/shop/V9", EnrolledShops.VIEWER).status())
                .isEqualTo(403);
        assertThat(pipeline.call("GET", "/snapshots", EnrolledShops.VIEWER).status())
                .isEqualTo(200);
        assertThat(pipeline.call("GET", "/snapshots", "nobody's").status()).isEqualTo(401);
    }

    @Test
    void an_event_that_nobody_can_accept_goes_to_the_dead_letters_once_with_the_reason() {
        pipeline.send(new MigrationEvent.Started("shop", " ", null));
        pipeline.send(
                new ProducerRecord<>("ripcord.migration", "shop", "not an event".getBytes(StandardCharsets.UTF_8)));

        await().atMost(SOON).untilAsserted(() -> assertThat(pipeline.dead()).hasSize(2));

        assertThat(pipeline.dead().stream()
                        .map(record -> new String(
                                record.headers()
                                        .lastHeader("dead-letter-reason")
                                        .value(),
                                StandardCharsets.UTF_8)))
                .anySatisfy(reason -> assertThat(reason).contains("has an id of 1 to 200 characters"))
                .anySatisfy(reason -> assertThat(reason).contains("not a CloudEvent"));
        assertThat(pipeline.post("/gates/shop/V10").status()).isEqualTo(200);
    }

    private List<MigrationEvent.Started> begun(String database, String migration) {
        return pipeline.heard(MigrationEvent.Started.class, database).stream()
                .filter(event -> event.migration().equals(migration))
                .toList();
    }

    private <E extends SnapshotEvent> List<E> of(Class<E> type, String database, String migration) {
        return pipeline.heard(type, database).stream()
                .filter(event -> migration.equals(migration(event)))
                .toList();
    }

    private static String migration(SnapshotEvent event) {
        return switch (event) {
            case SnapshotEvent.Started started -> started.migration();
            case SnapshotEvent.Completed completed -> completed.migration();
            case SnapshotEvent.Proven proven -> proven.migration();
            case SnapshotEvent.Failed failed -> failed.migration();
            case SnapshotEvent.Expired expired -> expired.migration();
        };
    }
}
