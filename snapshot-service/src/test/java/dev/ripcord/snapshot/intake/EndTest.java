package dev.ripcord.snapshot.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.snapshot.EnrolledShops;
import dev.ripcord.snapshot.Pipeline;
import dev.ripcord.snapshot.Pipeline.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pipeline that tells over HTTP how its migration ended. */
@QuarkusTest
@QuarkusTestResource(EnrolledShops.class)
class EndTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Pipeline pipeline = new Pipeline(ConfigProvider.getConfig().getValue("test.url", URI.class));

    @AfterEach
    void disconnect() {
        pipeline.close();
    }

    @Test
    void what_is_told_is_announced_once_and_counts_at_once() {
        String first = opened("/gates/shop/E1");

        Answer told = pipeline.post("/gates/shop/E1/failed", "{\"reason\": \"it did \\\"not\\\" work\"}");

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.body().get("told").asText()).isEqualTo("migration.failed");
        assertThat(told.body().get("snapshot").asText()).isEqualTo(first);
        assertThat(opened("/gates/shop/E1")).as("the next run").isNotEqualTo(first);
        assertThat(pipeline.post("/gates/shop/E1/completed").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/E1/accepted").status()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("E1"))
                        .filteredOn(event -> !(event instanceof MigrationEvent.Started))
                        .containsExactly(
                                new MigrationEvent.Failed("shop", "E1", "it did \"not\" work"),
                                new MigrationEvent.Completed("shop", "E1"),
                                new MigrationEvent.Accepted("shop", "E1", "tester")));
    }

    @Test
    void a_migration_whose_gate_did_not_open_has_no_end() throws SQLException {
        try (Connection other = EnrolledShops.shop("late-shop").connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("alter table orders add column early int");
            assertThat(pipeline.post("/gates/late-shop/E2?waitSeconds=60").status())
                    .isEqualTo(409);
            other.rollback();
        }

        Answer refused = pipeline.post("/gates/late-shop/E2/completed");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("reason").asText()).contains("has not opened");
        assertThat(pipeline.post("/gates/shop/never-asked/withdrawn").status()).isEqualTo(409);
        assertThat(pipeline.post("/gates/shop/never-asked/completed").status()).isEqualTo(409);
        assertThat(pipeline.post("/gates/nowhere/E2/completed").status()).isEqualTo(404);
    }

    @Test
    void a_pipeline_that_no_longer_waits_says_so_and_its_next_run_gets_a_snapshot_of_its_own() {
        String first = opened("/gates/shop/E5");

        assertThat(pipeline.post("/gates/shop/E5/withdrawn").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/E5/withdrawn").status())
                .as("the answer was lost")
                .isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/E5/failed", "{\"reason\": \"the sync failed\"}")
                        .status())
                .as("what never ran has not failed")
                .isEqualTo(409);

        assertThat(opened("/gates/shop/E5")).isNotEqualTo(first);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("E5"))
                        .filteredOn(MigrationEvent.Failed.class::isInstance)
                        .singleElement()
                        .satisfies(event -> assertThat(((MigrationEvent.Failed) event).reason())
                                .contains("has not run")));
    }

    @Test
    void of_a_run_that_has_ended_nobody_says_that_it_failed_or_never_ran() {
        String reason = "{\"reason\": \"the sync failed\"}";
        opened("/gates/shop/E6");
        assertThat(pipeline.post("/gates/shop/E6/completed").status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/E6/completed").status())
                .as("the answer was lost")
                .isEqualTo(200);

        Answer failed = pipeline.post("/gates/shop/E6/failed", reason);

        assertThat(failed.status()).isEqualTo(409);
        assertThat(failed.body().get("reason").asText()).contains("has ended already");
        assertThat(pipeline.post("/gates/shop/E6/withdrawn").status()).isEqualTo(409);
        opened("/gates/shop/E6");
        assertThat(pipeline.post("/gates/shop/E6/failed", reason).status()).isEqualTo(200);
        assertThat(pipeline.post("/gates/shop/E6/failed", reason).status()).isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("E6"))
                        .filteredOn(event -> !(event instanceof MigrationEvent.Started))
                        .containsExactly(
                                new MigrationEvent.Completed("shop", "E6"),
                                new MigrationEvent.Failed("shop", "E6", "the sync failed")));
    }

    @Test
    void what_never_ran_releases_its_own_snapshot_and_no_earlier_one() {
        String first = opened("/gates/shop/E7");
        makeAnotherRun(first);
        String second = opened("/gates/shop/E7");
        assertThat(second).isNotEqualTo(first);

        assertThat(pipeline.post("/gates/shop/E7/withdrawn").status()).isEqualTo(200);

        assertThat(released(first)).isFalse();
        assertThat(released(second)).isTrue();
    }

    @Test
    void who_declares_a_run_good_releases_neither_one_of_unknown_end_nor_one_that_was_asked_for_since() {
        String unknown = opened("/gates/shop/E8");
        makeAnotherRun(unknown);
        String second = opened("/gates/shop/E8");
        Instant between = Instant.now();
        assertThat(pipeline.post("/gates/shop/E8/accepted").status()).isEqualTo(200);
        assertThat(released(unknown)).isFalse();
        assertThat(released(second)).isTrue();

        assertThat(pipeline.post("/gates/shop/E8/completed").status()).isEqualTo(200);
        String third = opened("/gates/shop/E8");
        pipeline.send(new Envelope<>(
                "E8 is good", "/test", between, null, new MigrationEvent.Accepted("shop", "E8", "somebody")));

        await().atMost(SOON).until(() -> released(unknown));
        assertThat(released(third)).isFalse();
    }

    @Test
    void a_second_question_that_is_taken_back_is_no_end_of_the_run_that_goes_on() {
        String first = opened("/gates/shop/E9");
        takenBefore(first, Duration.ofMinutes(61));
        Answer second = pipeline.post("/gates/shop/E9?waitSeconds=1");
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body().get("snapshot").asText()).isNotEqualTo(first);

        assertThat(pipeline.post("/gates/shop/E9/withdrawn").status()).isEqualTo(200);

        Answer failed = pipeline.post("/gates/shop/E9/failed", "{\"reason\": \"lock timeout\"}");
        assertThat(failed.status()).isEqualTo(409);
        assertThat(failed.body().get("next").asText())
                .contains("ripcord gate shop 'E9' --snapshot " + first + " --failed REASON");
        assertThat(pipeline.post("/gates/shop/E9/failed?snapshot=" + first, "{\"reason\": \"lock timeout\"}")
                        .status())
                .isEqualTo(200);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(told("E9"))
                        .filteredOn(event -> !(event instanceof MigrationEvent.Started))
                        .containsExactly(new MigrationEvent.Failed("shop", "E9", "lock timeout")));
    }

    /** As if its pipeline had not told its end, and that more than a day ago. */
    private void makeAnotherRun(String snapshot) {
        takenBefore(snapshot, Duration.ofHours(25));
    }

    private void takenBefore(String snapshot, Duration ago) {
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

    private static boolean released(String snapshot) {
        return EnrolledShops.shop("shop")
                .value(
                        EmbeddedInfrastructure.STATE_DATABASE,
                        "select released_at is not null from snapshot.snapshot where id = '" + snapshot + "'")
                .equals("t");
    }

    @Test
    void a_failure_has_a_reason() {
        assertThat(pipeline.post("/gates/shop/E3/failed").status()).isEqualTo(400);
        assertThat(pipeline.post("/gates/shop/E3/failed", "{\"reason\": \" \"}").status())
                .isEqualTo(400);
        assertThat(pipeline.post("/gates/shop/E3/failed", "{\"reason\": \"" + "x".repeat(5000) + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "accepted", "withdrawn"})
    void who_may_only_look_cannot_tell(String end) {
        String path = "/gates/shop/E4/" + end;

        assertThat(pipeline.call("POST", path, EnrolledShops.VIEWER).status()).isEqualTo(403);
        assertThat(pipeline.call("POST", path, "nobody's").status()).isEqualTo(401);
    }

    private String opened(String gate) {
        Answer open = pipeline.post(gate + "?waitSeconds=60");
        assertThat(open.status()).isEqualTo(200);
        return open.body().get("snapshot").asText();
    }

    private List<MigrationEvent> told(String migration) {
        return pipeline.heard(MigrationEvent.class, "shop").stream()
                .filter(event -> event.migration().equals(migration))
                .toList();
    }
}
