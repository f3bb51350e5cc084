package dev.ripcord.snapshot.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Provider.Found;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.Provider.Restored;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every form of snapshots keeps to; each provider's test implements this and so runs it. */
public interface ProviderConformance {

    Provider provider();

    /** A new enrolled sample database, with the policy of this form. */
    default SampleDatabase sample(String name) {
        return sample(name, "");
    }

    /** The same, made with these options. */
    SampleDatabase sample(String name, String options);

    /** Its entry in the enrolment file, with this marker. */
    EnrolledDatabase enrolled(SampleDatabase sample, String marker);

    /** Leaves behind what an attempt leaves that was killed in its middle. */
    void leaveUnfinished(SampleDatabase sample, Order order);

    private Order order(SampleDatabase sample, String snapshot) {
        return new Order(enrolled(sample, sample.marker()), snapshot, 1);
    }

    private Taken taken(Order order) {
        assertThat(provider().take(order)).isInstanceOf(Taken.class);
        return found(order);
    }

    /** The snapshot that an earlier attempt has taken. */
    default Taken found(Order order) {
        Provider.Take take = provider().take(order);
        assertThat(take).isInstanceOf(Found.class);
        return ((Found) take).taken();
    }

    private Shadow shadow(Order order, Manifest manifest, String id) {
        Provider.Restoration restoration = provider().restore(order, manifest, id);
        assertThat(restoration).isInstanceOf(Restored.class);
        return ((Restored) restoration).shadow();
    }

    @Test
    default void a_restored_shadow_holds_what_the_database_held_and_is_closed() {
        SampleDatabase sample = sample("whole");
        Order order = order(sample, "one");
        Taken taken = taken(order);
        sample.run("update orders set total = 0; drop table events; truncate secrets");

        Manifest manifest = provider().manifest(order, taken);
        Shadow shadow = shadow(order, manifest, "one");

        assertThat(manifest.tables())
                .filteredOn(table -> table.name().equals("public.orders"))
                .allSatisfy(table -> assertThat(table.rows()).isEqualTo(5000));
        assertThat(manifest.properties()).containsEntry("owner", "shop_owner");
        assertThat(sample.value("select has_database_privilege('public', %d::oid, 'connect')".formatted(shadow.oid())))
                .isEqualTo("f");
        assertThat(sample.value("select datallowconn from pg_database where oid = " + shadow.oid()))
                .isEqualTo("f");
        assertThat(sample.open()).isTrue();
    }

    @Test
    default void rows_behind_row_level_security_are_all_counted() {
        SampleDatabase sample = sample("behind");
        Order order = order(sample, "rls");

        Manifest manifest = provider().manifest(order, taken(order));

        assertThat(manifest.tables())
                .filteredOn(table -> table.name().equals("public.secrets"))
                .singleElement()
                .satisfies(table -> assertThat(table.rows()).isEqualTo(1000));
    }

    @Test
    default void taking_and_restoring_again_changes_nothing() {
        SampleDatabase sample = sample("again");
        Order order = order(sample, "twice");
        Taken first = taken(order);
        sample.run("delete from orders");
        Order again = new Order(order.database(), "twice", 2);
        Taken second = found(again);
        Manifest manifest = provider().manifest(again, second);

        Shadow shadow = shadow(again, manifest, "twice");
        Shadow restored = shadow(again, manifest, "twice");
        Shadow another = shadow(again, manifest, "another");

        assertThat(second.takenAt()).isEqualTo(first.takenAt());
        assertThat(restored.name()).isEqualTo(shadow.name());
        assertThat(another.name()).isNotEqualTo(shadow.name());
        assertThat(sample.made("shadow")).isEqualTo(2);
    }

    @Test
    default void a_migration_that_holds_its_lock_already_is_named_and_nothing_is_taken() throws SQLException {
        SampleDatabase sample = sample("locked");
        Order order = order(sample, "late");
        try (Connection migration = sample.connect();
                Statement statement = migration.createStatement()) {
            migration.setAutoCommit(false);
            statement.execute("alter table orders add column note text default random()::text");

            Provider.Take take = provider().take(order);

            assertThat(take).isInstanceOf(Refusal.class);
            assertThat(((Refusal) take).reason()).contains("schema change").contains("alter table");
            migration.commit();
        }
        provider().delete(order, Optional.of("late"));
        assertThat(sample.made("snapshot")).isZero();
        assertThat(sample.open()).isTrue();
    }

    @Test
    default void a_prepared_transaction_is_named_and_left_alone() {
        SampleDatabase sample = sample("prepared");
        sample.run("begin; update orders set total = 1 where id = 1; prepare transaction 'the open question'");

        Provider.Take take = provider().take(order(sample, "prepared"));

        assertThat(take).isInstanceOf(Refusal.class);
        assertThat(((Refusal) take).reason()).contains("the open question");
        assertThat(sample.value("select gid from pg_prepared_xacts")).isEqualTo("the open question");
        assertThat(sample.made("snapshot")).isZero();
        assertThat(sample.open()).isTrue();
        sample.run("rollback prepared 'the open question'");
    }

    @Test
    default void another_servers_marker_is_refused_with_nothing_changed() {
        SampleDatabase sample = sample("elsewhere");
        Order order = new Order(enrolled(sample, "00000000-0000-0000-0000-000000000000"), "wrong", 1);

        assertThatThrownBy(() -> provider().take(order))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("enrolment marker");

        assertThat(sample.made("snapshot")).isZero();
        assertThat(sample.value("ripcord_admin", "select count(*) from ripcord.act where database_id = 'elsewhere'"))
                .isEqualTo("0");
    }

    @Test
    default void an_attempt_that_was_killed_is_taken_up_again_and_the_database_is_open() {
        SampleDatabase sample = sample("killed");
        Order order = order(sample, "crash");
        leaveUnfinished(sample, order);

        Provider.Take take = provider().take(new Order(order.database(), "crash", 2));

        assertThat(take).isInstanceOf(Taken.class);
        assertThat(sample.open()).isTrue();
    }

    @Test
    default void an_abandoned_attempt_leaves_the_database_open_and_no_copy() {
        SampleDatabase sample = sample("left");
        Order order = order(sample, "given");
        Manifest manifest = provider().manifest(order, taken(order));
        shadow(order, manifest, "given");
        leaveUnfinished(sample, new Order(order.database(), "given", 3));

        provider().delete(new Order(order.database(), "given", 4), Optional.of("given"));
        provider().delete(new Order(order.database(), "given", 5), Optional.of("given"));

        assertThat(sample.open()).isTrue();
        assertThat(sample.made("snapshot") + sample.made("shadow")).isZero();
    }

    @Test
    default void a_shadow_that_was_swapped_in_is_not_dropped() {
        SampleDatabase sample = sample("swapped");
        Order order = order(sample, "live");
        Manifest manifest = provider().manifest(order, taken(order));
        Shadow shadow = shadow(order, manifest, "live");
        sample.run("postgres", "alter database swapped rename to swapped__failed_x");
        sample.run("postgres", "alter database " + shadow.name() + " rename to swapped");
        sample.run("postgres", "alter database swapped with allow_connections true");
        sample.run("postgres", "alter database swapped owner to shop_owner");
        sample.run(
                "ripcord_admin",
                "update ripcord.enrolment set live_oid = " + shadow.oid() + " where database_id = 'swapped'");
        // somebody else's database under the name that the shadow had
        sample.run("postgres", "create database " + shadow.name() + " owner shop_owner");

        provider().drop(order, shadow);
        provider().delete(order, Optional.empty());

        assertThat(sample.value("swapped", "select count(*) from orders")).isEqualTo("5000");
        assertThat(sample.made("shadow")).isEqualTo(1);
        assertThat(sample.made("snapshot")).isZero();
    }

    @Test
    default void an_owner_that_was_paused_beyond_its_lease_neither_opens_nor_drops_what_its_successor_made() {
        SampleDatabase sample = sample("fenced");
        Order paused = order(sample, "fence");
        Manifest manifest = provider().manifest(paused, taken(paused));
        shadow(paused, manifest, "fence");
        Order successor = new Order(paused.database(), "fence", 2);
        Shadow shadow = shadow(successor, manifest, "fence");

        assertThatThrownBy(() -> provider().restore(paused, manifest, "fence"))
                .hasMessageContaining("stale fencing number 1");
        assertThatThrownBy(() -> provider().drop(paused, shadow)).hasMessageContaining("stale fencing number 1");
        assertThatThrownBy(() -> provider().discard(paused, "fence")).hasMessageContaining("stale fencing number 1");

        assertThat(sample.value("select xmin || ' ' || datallowconn from pg_database where oid = " + shadow.oid()))
                .isEqualTo(shadow.seal() + " false");
    }

    @Test
    default void nothing_is_left_of_a_discarded_restore() {
        SampleDatabase sample = sample("discarded");
        Order order = order(sample, "thrown");
        Manifest manifest = provider().manifest(order, taken(order));
        shadow(order, manifest, "thrown");

        provider().discard(order, "thrown");
        provider().discard(order, "thrown");

        assertThat(sample.made("shadow")).isZero();
        assertThat(provider().restore(order, manifest, "thrown")).isInstanceOf(Restored.class);
    }

    @Test
    default void a_shadow_has_what_the_planner_needs_to_know() {
        SampleDatabase sample = sample("planned");
        sample.run("analyze");
        Order order = order(sample, "plan");
        Shadow shadow = shadow(order, provider().manifest(order, taken(order)), "plan");
        sample.run("postgres", "alter database " + shadow.name() + " with allow_connections true");

        String columns = "select string_agg(format('%s.%s', tablename, attname), ' ' order by tablename, attname)"
                + " from pg_stats where schemaname = 'public'";
        assertThat(sample.value(shadow.name(), columns)).isEqualTo(sample.value("planned", columns));
        String rows = "select string_agg(format('%s %s', relname, reltuples), ' ' order by relname) from pg_class"
                + " where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm')";
        assertThat(sample.value(shadow.name(), rows)).isEqualTo(sample.value("planned", rows));
    }

    @Test
    default void a_shadow_that_differs_from_the_manifest_is_refused_and_removed() {
        SampleDatabase sample = sample("differs");
        Order order = order(sample, "other");
        Manifest manifest = provider().manifest(order, taken(order));
        Manifest wrong = new Manifest(
                manifest.systemIdentifier(),
                manifest.serverVersion(),
                manifest.databaseName(),
                manifest.takenAt(),
                manifest.schemaFingerprint(),
                manifest.tables().stream()
                        .map(table -> new Manifest.Table(table.name(), table.kind(), table.rows() + 1, table.hash()))
                        .toList(),
                manifest.objects(),
                manifest.sequences(),
                manifest.properties(),
                manifest.migrationVersion(),
                manifest.files());

        Provider.Restoration restoration = provider().restore(order, wrong, "other");

        assertThat(restoration).isInstanceOf(Refusal.class);
        assertThat(((Refusal) restoration).reason()).contains("public.orders");
        assertThat(sample.made("shadow")).isZero();
    }
}
