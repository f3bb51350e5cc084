package dev.ripcord.snapshot.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.EnrolledShops;
import dev.ripcord.snapshot.Pipeline;
import dev.ripcord.snapshot.SampleDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EnrolledShops.class)
class LifeOfASnapshotTest {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Pipeline pipeline = new Pipeline(ConfigProvider.getConfig().getValue("test.url", URI.class));

    @AfterEach
    void disconnect() {
        pipeline.close();
    }

    @Test
    void a_rollback_gets_a_further_shadow_and_one_answer_however_often_it_asks() {
        SnapshotEvent.Proven proven = proven("back-shop", "V1");

        pipeline.send(new RestoreEvent.Requested("back-shop", "rollback 1", proven.snapshot()));
        pipeline.send(new RestoreEvent.Requested("back-shop", "rollback 1", proven.snapshot()));

        RestoreEvent.Completed completed = await().atMost(SOON)
                .until(() -> pipeline.heard(RestoreEvent.Completed.class, "back-shop"), found -> !found.isEmpty())
                .getFirst();
        SampleDatabase shop = EnrolledShops.shop("back-shop");
        assertThat(completed.restore()).isEqualTo("rollback 1");
        assertThat(completed.shadow().oid()).isNotEqualTo(proven.shadow().oid());
        assertThat(shop.value("select datname from pg_database where oid = "
                        + completed.shadow().oid()))
                .isEqualTo(completed.shadow().name());
        assertThat(shop.value("select datallowconn from pg_database where oid = "
                        + completed.shadow().oid()))
                .isEqualTo("f");
        assertThat(pipeline.heard(RestoreEvent.Completed.class, "back-shop")).hasSize(1);
    }

    @Test
    void what_no_shadow_can_be_made_of_is_answered_too() {
        pipeline.send(new RestoreEvent.Requested("back-shop", "rollback 2", "nosuchthing1"));

        List<RestoreEvent.Failed> failed = await().atMost(SOON)
                .until(() -> pipeline.heard(RestoreEvent.Failed.class, "back-shop"), found -> !found.isEmpty());
        assertThat(failed.getFirst().reason()).contains("There is no snapshot nosuchthing1");
    }

    @Test
    void a_snapshot_is_kept_until_its_migration_is_declared_good_and_for_24_hours_and_then_goes_with_its_shadow() {
        SnapshotEvent.Proven proven = proven("kept-shop", "V1");
        SampleDatabase shop = EnrolledShops.shop("kept-shop");

        makeOld(proven.snapshot());
        assertThat(state(proven.snapshot())).isEqualTo("kept");
        pipeline.send(new MigrationEvent.Accepted("kept-shop", "V1", "somebody"));

        await().atMost(SOON)
                .until(() -> !pipeline.heard(SnapshotEvent.Expired.class, "kept-shop")
                        .isEmpty());
        assertThat(shop.made("snapshot") + shop.made("shadow")).isZero();
        assertThat(shop.open()).isTrue();
        assertThat(state(proven.snapshot())).isEqualTo("expired");
        assertThat(pipeline.get("/gates/kept-shop/V1?waitSeconds=1").status()).isEqualTo(409);
    }

    @Test
    void a_released_snapshot_is_kept_for_its_least_retention_all_the_same() {
        SnapshotEvent.Proven proven = proven("back-shop", "V2");

        assertThat(pipeline.post("/snapshots/" + proven.snapshot() + "/release").status())
                .isEqualTo(200);

        assertThat(state(proven.snapshot())).isEqualTo("kept");
        assertThat(EnrolledShops.shop("back-shop")
                        .value("select 1 from pg_database where oid = "
                                + proven.shadow().oid()))
                .isEqualTo("1");
    }

    @Test
    void a_snapshot_is_kept_while_a_rollback_that_is_about_it_has_not_ended() {
        SnapshotEvent.Proven proven = proven("back-shop", "V3");
        pipeline.send(planned("back-shop", "r9", proven.snapshot()));
        await().atMost(SOON)
                .until(() -> EnrolledShops.shop("back-shop")
                        .value(
                                EmbeddedInfrastructure.STATE_DATABASE,
                                "select 'needed' from snapshot.needed_snapshot where restore = 'r9'")
                        .equals("needed"));
        makeOld(proven.snapshot());
        assertThat(pipeline.post("/snapshots/" + proven.snapshot() + "/release").status())
                .isEqualTo(200);

        await().during(Duration.ofSeconds(2))
                .atMost(SOON)
                .until(() -> state(proven.snapshot()).equals("kept"));
        pipeline.send(new RollbackOutcomeEvent.Refused("back-shop", "r9", "cancelled", "ask again"));

        await().atMost(SOON).until(() -> state(proven.snapshot()).equals("expired"));
    }

    @Test
    void a_snapshot_that_was_gone_back_to_is_kept_for_its_least_retention_from_then_though_nobody_tells_an_end() {
        SnapshotEvent.Proven proven = proven("gone-shop", "V1");
        makeOld(proven.snapshot());

        pipeline.send(completed("r31", proven.snapshot()));

        await().atMost(SOON).until(() -> rolledBack(proven.snapshot()).equals("r31"));
        lookAgain(proven.snapshot());
        assertThat(state(proven.snapshot())).isEqualTo("kept");
        pipeline.send(new RollbackOutcomeEvent.Undone("gone-shop", "r32", "r31", "gone-shop__failed_r32", 1, 1));
        await().atMost(SOON).until(() -> rolledBack(proven.snapshot()).equals("not, by now"));
        pipeline.send(completed("r33", proven.snapshot()));
        await().atMost(SOON).until(() -> rolledBack(proven.snapshot()).equals("r33"));

        EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                .run("update snapshot.snapshot set rolled_back_at = now() - interval '25 hours' where id = '"
                        + proven.snapshot() + "'");
        pipeline.send(planned("gone-shop", "r34", "r33"));
        await().atMost(SOON).until(() -> needed(proven.snapshot(), "r34"));
        lookAgain(proven.snapshot());
        assertThat(state(proven.snapshot())).as("its undo may still come").isEqualTo("kept");
        pipeline.send(new RollbackOutcomeEvent.Refused("gone-shop", "r34", "cancelled", "ask again"));

        await().atMost(SOON).untilAsserted(() -> {
            lookAgain(proven.snapshot());
            assertThat(state(proven.snapshot())).isEqualTo("expired");
        });
    }

    private static RollbackOutcomeEvent.Completed completed(String rollback, String snapshot) {
        return new RollbackOutcomeEvent.Completed(
                "gone-shop", rollback, snapshot, "gone-shop__failed_" + rollback, 1, 1, List.of(), null, "", null);
    }

    private static RollbackEvent.Planned planned(String database, String rollback, String target) {
        return new RollbackEvent.Planned(
                database,
                rollback,
                new Plan("full", target, Instant.now(), true, true, List.of(), 1, "word", "shop", "0".repeat(64)));
    }

    private static boolean needed(String snapshot, String rollback) {
        return EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                .value(
                        EmbeddedInfrastructure.STATE_DATABASE,
                        "select count(*) from snapshot.needed_snapshot where snapshot = '" + snapshot
                                + "' and restore = '" + rollback + "'")
                .equals("1");
    }

    private static String rolledBack(String snapshot) {
        return EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                .value(
                        EmbeddedInfrastructure.STATE_DATABASE,
                        "select coalesce(rolled_back_by, 'not, by now') from snapshot.snapshot where id = '" + snapshot
                                + "'");
    }

    /** As it does each hour; has looked when this returns. */
    private static void lookAgain(String snapshot) {
        SampleDatabase state = EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE);
        state.run("update snapshot.task set due_at = now(), signals = signals + 1 where id = '" + snapshot + "'");
        await().atMost(SOON)
                .until(() -> state.value(
                                EmbeddedInfrastructure.STATE_DATABASE,
                                "select finished or due_at > now() and owner is null from snapshot.task where id = '"
                                        + snapshot + "'")
                        .equals("t"));
    }

    @Test
    void copies_that_a_rollback_only_needed_for_itself_go_when_it_has_ended() {
        SnapshotEvent.Proven proven = proven("tidy-shop", "V1");
        SampleDatabase shop = EnrolledShops.shop("tidy-shop");
        for (String restore : new String[] {"r1", "r1/read", "r1/count", "r2/read"}) {
            pipeline.send(new RestoreEvent.Requested("tidy-shop", restore, proven.snapshot()));
        }
        await().atMost(SOON)
                .until(() -> pipeline.heard(RestoreEvent.Completed.class, "tidy-shop")
                                .size()
                        == 4);
        assertThat(shop.made("shadow")).isEqualTo(5);

        pipeline.send(new RollbackOutcomeEvent.Refused("tidy-shop", "late", "cancelled", "ask again"));
        pipeline.send(new RollbackOutcomeEvent.Refused("tidy-shop", "r1", "somebody is in the way", "ask again"));
        await().atMost(SOON).until(() -> shop.made("shadow") == 3);
        pipeline.send(new RollbackEvent.LossCounted("tidy-shop", "r1", List.of(), 1));
        await().atMost(SOON).until(() -> shop.made("shadow") == 2);
        pipeline.send(new RollbackEvent.Step("tidy-shop", "r2", "dry-run-ended", 0, ""));
        await().atMost(SOON).until(() -> shop.made("shadow") == 1);

        assertThat(shop.value("select 1 from pg_database where oid = "
                        + proven.shadow().oid()))
                .as("the warm shadow of the snapshot itself stays")
                .isEqualTo("1");
        pipeline.send(new RestoreEvent.Requested("tidy-shop", "late/read", proven.snapshot()));
        assertThat(await().atMost(SOON)
                        .until(
                                () -> pipeline.heard(RestoreEvent.Failed.class, "tidy-shop"),
                                failed -> !failed.isEmpty())
                        .getFirst()
                        .reason())
                .isEqualTo("The rollback that asked for it has ended");
    }

    @Test
    void the_snapshot_before_a_change_in_place_goes_when_the_change_is_verified_and_its_time_is_over() {
        pipeline.send(new MigrationEvent.Started("tidy-shop", "rollback/r7", "somebody"));
        SnapshotEvent.Proven proven = announced("tidy-shop", "rollback/r7");
        makeOld(proven.snapshot());
        assertThat(state(proven.snapshot())).isEqualTo("kept");

        pipeline.send(new RollbackOutcomeEvent.CompletedInPlace(
                "tidy-shop", "r7", "sql", proven.snapshot(), List.of(), 1, List.of(), ""));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(state(proven.snapshot())).isEqualTo("expired"));
    }

    @Test
    void the_snapshot_before_a_change_in_place_goes_where_surely_nothing_was_changed() {
        List<String> snapshots = List.of("r21", "r22", "r23").stream()
                .map(rollback -> {
                    pipeline.send(new MigrationEvent.Started("same-shop", "rollback/" + rollback, "somebody"));
                    String snapshot =
                            announced("same-shop", "rollback/" + rollback).snapshot();
                    pipeline.send(new MigrationEvent.Failed("same-shop", "rollback/" + rollback, "no"));
                    makeOld(snapshot);
                    return snapshot;
                })
                .toList();

        pipeline.send(new RollbackOutcomeEvent.Failed("same-shop", "r21", "not known: it was begun", "no", "look"));
        pipeline.send(new RollbackOutcomeEvent.Failed("same-shop", "r22", "unchanged: it is as it was", "no", "ask"));
        pipeline.send(new RollbackOutcomeEvent.Refused("same-shop", "r23", "cancelled", "ask again"));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(snapshots.subList(1, 3).stream().map(this::state))
                        .containsExactly("expired", "expired"));
        assertThat(state(snapshots.get(0))).isEqualTo("kept");
    }

    private SnapshotEvent.Proven proven(String database, String migration) {
        assertThat(pipeline.post("/gates/" + database + "/" + migration).status())
                .isEqualTo(200);
        return announced(database, migration);
    }

    private SnapshotEvent.Proven announced(String database, String migration) {
        return await().atMost(SOON)
                .until(
                        () -> pipeline.heard(SnapshotEvent.Proven.class, database).stream()
                                .filter(event -> event.migration().equals(migration))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private String state(String snapshot) {
        return pipeline.get("/snapshots/" + snapshot).body().get("state").asText();
    }

    /** Lets the least retention be over. */
    private static void makeOld(String snapshot) {
        // while the service is at it, it would write its own over this
        await().atMost(SOON)
                .until(() -> EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                        .value(
                                EmbeddedInfrastructure.STATE_DATABASE,
                                "with old as (update snapshot.task set document = jsonb_set(document, '{until}', '\"2020-01-01T00:00:00Z\"')"
                                        + " where id = '" + snapshot
                                        + "' and owner is null returning 1) select count(*) from old")
                        .equals("1"));
    }
}
