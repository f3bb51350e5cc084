package dev.ripcord.snapshot.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.EnrolledShops;
import dev.ripcord.snapshot.Pipeline;
import dev.ripcord.snapshot.SampleDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
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

    private SnapshotEvent.Proven proven(String database, String migration) {
        assertThat(pipeline.post("/gates/" + database + "/" + migration).status())
                .isEqualTo(200);
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
        EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE)
                .run("update snapshot.task set document = jsonb_set(document, '{until}', '\"2020-01-01T00:00:00Z\"')"
                        + " where id = '" + snapshot + "'");
    }
}
