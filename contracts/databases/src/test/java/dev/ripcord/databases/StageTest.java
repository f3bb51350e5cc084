package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy of the live database on which a change of it is rehearsed. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class StageTest {

    private static final Command R1 = new Command("r1", 5);

    private final ProtectedServer server;

    StageTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void what_may_be_done_in_the_live_database_may_be_done_in_the_copy_which_goes_back_to_its_owner() throws Exception {
        EnrolledDatabase shop = ownedShop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            String name = admin.openForRehearsal(R1, identity, copy, seal);
            assertThat(admin.openForRehearsal(R1, identity, copy, seal))
                    .as("by the same command again")
                    .isEqualTo(name);
            try (PgSession inside = server.session(server.role("ripcord_change"), name)) {
                inside.execute("create table public.made (n int)");
                inside.execute("alter table public.orders add column more int");
                inside.execute("create schema also_made");
                assertThat(inside.query("show work_mem").getFirst().getString(0))
                        .as("settings of the live database")
                        .isEqualTo("9MB");
                admin.endRehearsal(R1, identity, copy);
                assertThatThrownBy(() -> inside.query("select 1")).isInstanceOf(DatabaseFailure.class);
            }
            assertThat(admin.sealOf(copy))
                    .as("nobody takes it for the snapshot")
                    .isNotEmpty();
            assertThat(admin.sealOf(copy).orElseThrow()).isNotEqualTo(seal);
            assertThat(server.ask("postgres", "select pg_get_userbyid(datdba) from pg_database where oid = " + copy))
                    .as("the snapshot role can remove it")
                    .isEqualTo("ripcord_snapshot");
        }
    }

    @Test
    void a_copy_whose_rehearsal_was_interrupted_can_be_removed_by_the_role_that_made_it() throws Exception {
        EnrolledDatabase shop = ownedShop();
        long copy = server.shadow(shop, "a1");
        String name;
        try (AdminSession admin = server.rollback(shop)) {
            name = admin.openForRehearsal(
                    R1, admin.identify(), copy, admin.sealOf(copy).orElseThrow());
        }
        try (AdminSession admin = server.rollback(shop);
                PgSession snapshot = server.session(shop.roles().snapshot(), "ripcord_admin")) {
            Identity identity = admin.identify();
            try (PgSession inside = server.session(server.role("ripcord_change"), name)) {
                claim(snapshot, identity, shop, name);
                inside.execute("create table public.made (n int)");
            }
            assertThatThrownBy(() -> snapshot.execute("drop database " + name)).hasMessageContaining("must be owner");
            await().until(() -> server.ask("postgres", "select count(*) from pg_stat_activity where datid = " + copy)
                    .equals("0"));

            claim(snapshot, identity, shop, name);

            assertThat(admin.sealOf(copy)).as("closed").isNotEmpty();
            snapshot.execute("drop database " + name);
        }
    }

    private static void claim(PgSession snapshot, Identity identity, EnrolledDatabase shop, String name) {
        snapshot.query(
                "select ripcord.claim($1, $2, $3, $4, 1)::text",
                shop.id(),
                identity.marker(),
                identity.systemIdentifier(),
                name);
    }

    @Test
    void nothing_is_rehearsed_in_the_live_database_nor_in_a_copy_that_somebody_was_in() throws Exception {
        EnrolledDatabase shop = ownedShop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            assertFails("RC001", () -> admin.openForRehearsal(R1, identity, identity.oid(), seal));
            assertFails("RC001", () -> admin.endRehearsal(R1, identity, identity.oid()));
            assertFails("RC001", () -> admin.endRehearsal(R1, identity, copy));
            server.execute("postgres", "alter database " + shop.shadowName("a1") + " with allow_connections true");
            assertFails("RC005", () -> admin.openForRehearsal(R1, identity, copy, seal));
        }
        assertThat(server.ask(
                        "postgres",
                        "select datallowconn from pg_database where datname = '"
                                + shop.server().database() + "'"))
                .isEqualTo("t");
    }

    /** A shop that belongs to somebody, whose place the role for changes in place may take. */
    private EnrolledDatabase ownedShop() throws SQLException {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        server.execute(
                "postgres",
                "do $$ begin create role stage_owner; exception when duplicate_object then null; end $$",
                "alter database " + name + " owner to stage_owner",
                "alter database " + name + " set work_mem = '9MB'");
        server.execute(name, "alter table public.orders owner to stage_owner");
        Enrolment.enrol(
                ProtectedServer.VERTX,
                server.place(name, ""),
                server.superuser(),
                shop.id(),
                Environment.development,
                Map.of("ripcord_change", "secret"),
                false,
                true);
        return shop;
    }

    private static void assertFails(String state, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        DatabaseFailure.class,
                        e -> assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(state));
    }
}
