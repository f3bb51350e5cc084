package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The point of no return: two names change hands, or nothing happens at all. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SwapTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Command R1 = new Command("r1", 1);

    private final ProtectedServer server;

    SwapTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void the_copy_is_live_with_everything_a_copy_does_not_carry_and_the_failed_database_is_kept() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        dress(name);
        long live = server.oid(name);
        long copy = server.shadow(shop, "a1");
        server.execute(name, "update public.orders set price = -1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            Map<String, String> properties = admin.properties(live);
            assertThat(admin.properties(copy)).as("a copy does not carry them").isNotEqualTo(properties);
            swap(admin, R1, identity, copy, shop.failedName("r1"));
            assertThat(server.oid(name)).isEqualTo(copy);
            assertThat(server.oid(shop.failedName("r1"))).isEqualTo(live);
            assertThat(admin.properties(copy)).isEqualTo(properties);
            assertThat(properties.get("grants"))
                    .doesNotContain("public=CONNECT")
                    .contains("clerk=CONNECT*")
                    .contains("auditor=CONNECT");
            assertThat(admin.sealOf(live)).as("the failed one is closed").isPresent();
            assertThat(admin.done(R1, "swapped")).isTrue();
            assertThat(admin.identify().oid()).isEqualTo(copy);
        }
        assertThat(server.ask(name, "select sum(price) from public.orders")).isEqualTo("55");
        assertThat(server.ask(name, "show search_path")).isEqualTo("\"$user\", public");
        assertThat(server.ask(name, "show application_name")).isNotEmpty();
        assertThat(server.ask(
                        "postgres",
                        "select setconfig::text from pg_db_role_setting where setdatabase = " + copy
                                + " and setrole = 'clerk'::regrole"))
                .isEqualTo("{\"search_path=\\\"$user\\\", public\",\"DateStyle=ISO, DMY\"}");
        assertThat(server.ask("postgres", "select datistemplate, datallowconn from pg_database where oid = " + copy))
                .isEqualTo("f");
    }

    @Test
    void a_swap_back_brings_the_failed_database_with_its_content_and_properties() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        dress(name);
        long live = server.oid(name);
        long copy = server.shadow(shop, "a1");
        server.execute(name, "update public.orders set price = -1");
        Command undo = new Command("r2", 1);
        try (AdminSession admin = server.rollback(shop)) {
            Map<String, String> properties = admin.properties(live);
            swap(admin, R1, admin.identify(), copy, shop.failedName("r1"));
            server.execute(
                    "postgres",
                    "alter database " + name + " connection limit 33",
                    "grant temporary on database " + name + " to clerk");
            Identity now = admin.identify();
            String seal = admin.sealOf(live).orElseThrow();
            assertThat(admin.openPrivately(undo, now, live, seal)).isEqualTo(shop.failedName("r1"));
            swap(admin, undo, now, live, shop.failedName("r2"));
            assertThat(server.oid(name)).isEqualTo(live);
            assertThat(server.oid(shop.failedName("r2"))).isEqualTo(copy);
            assertThat(admin.properties(live)).isNotEqualTo(properties).isEqualTo(admin.properties(copy));
        }
        assertThat(server.ask(name, "select sum(price) from public.orders")).isEqualTo("-10");
        assertThat(server.ask(
                        shop.server().adminDatabase(),
                        "select string_agg(command || ' ' || step, ', ' order by position)"
                                + " from ripcord.act where step = 'swapped' and database_id = '" + shop.id() + "'"))
                .isEqualTo("r1 swapped, r2 swapped");
    }

    @Test
    void done_again_by_the_same_command_it_does_nothing_and_by_another_it_fails() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            swap(admin, R1, identity, copy, shop.failedName("r1"));
            String after = state(shop);
            admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN);
            admin.swap(new Command("r1", 9), identity, copy, shop.failedName("r1"), WITHIN);
            assertThat(state(shop)).isEqualTo(after);
            Command other = new Command("r2", 1);
            assertFails("RC003", () -> admin.swap(other, identity, copy, shop.failedName("r2"), WITHIN));
            assertFails("RC001", () -> admin.close(other, identity, false));
            assertThat(state(shop)).isEqualTo(after);
        }
    }

    @Test
    void without_the_hold_or_with_an_older_fence_nothing_is_swapped() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String before = state(shop);
            assertFails("RC003", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN));
            assertThat(state(shop)).isEqualTo(before);
            admin.close(new Command("r1", 2), identity, false);
            String closed = state(shop);
            assertFails("RC003", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN));
            assertFails("RC003", () -> admin.swap(new Command("r2", 2), identity, copy, shop.failedName("r2"), WITHIN));
            assertThat(state(shop)).isEqualTo(closed);
            admin.open(new Command("r1", 2), identity);
        }
    }

    @Test
    void other_databases_than_those_that_were_looked_at_are_not_swapped() throws Exception {
        EnrolledDatabase shop = server.shop();
        EnrolledDatabase other = server.shop();
        String name = shop.server().database();
        long copy = server.shadow(shop, "a1");
        long othersCopy = server.shadow(other, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            String closed = state(shop);
            for (long wrong : new long[] {
                identity.oid(),
                othersCopy,
                server.oid("postgres"),
                server.oid(other.server().database())
            }) {
                assertFails("RC001", () -> admin.swap(R1, identity, wrong, shop.failedName("r1"), WITHIN));
            }
            assertFails("RC002", () -> admin.swap(R1, identity, 4_000_000_000L, shop.failedName("r1"), WITHIN));
            for (String keep : List.of(
                    "kept",
                    shop.shadowName("x"),
                    other.failedName("r1"),
                    shop.failedName("r1") + "_",
                    shop.failedName("r1") + "0123456789abcdef")) {
                assertFails("RC001", () -> admin.swap(R1, identity, copy, keep, WITHIN));
            }
            Identity stale =
                    new Identity(identity.systemIdentifier(), identity.marker(), copy, identity.serverVersion());
            assertFails("RC001", () -> admin.swap(R1, stale, copy, shop.failedName("r1"), WITHIN));
            assertThat(state(shop)).isEqualTo(closed);
            server.execute(
                    "postgres",
                    "alter database " + name + " rename to " + name + "_moved",
                    "create database " + name + " allow_connections false");
            String recreated = state(shop);
            assertFails("RC001", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN));
            assertThat(state(shop)).isEqualTo(recreated);
        }
    }

    @Test
    void a_live_database_that_somebody_opened_again_is_not_swapped() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            server.execute("postgres", "alter database " + shop.server().database() + " with allow_connections true");
            String before = state(shop);
            assertFails("RC002", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN));
            assertThat(state(shop)).isEqualTo(before);
            admin.open(R1, identity);
        }
    }

    @Test
    void a_copy_that_cannot_become_equal_is_not_swapped() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.shadowName("a1");
        server.execute(
                "postgres",
                "create database " + name
                        + " template template0 encoding 'SQL_ASCII' locale 'C' allow_connections false");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            String before = state(shop);
            assertFails("RC006", () -> admin.swap(R1, identity, server.oid(name), shop.failedName("r1"), WITHIN));
            assertThat(state(shop)).isEqualTo(before);
            admin.open(R1, identity);
        }
    }

    @Test
    void clients_that_keep_connecting_do_not_hinder_it_and_find_the_copy() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        long copy = server.shadow(shop, "a1");
        server.execute(name, "create table public.after_the_snapshot ()");
        try (AdminSession admin = server.rollback(shop);
                Clients clients = new Clients(server, name, 5)) {
            await().until(() -> clients.written() > 20);
            swap(admin, R1, admin.identify(), copy, shop.failedName("r1"));
            int before = clients.written();
            await().until(() -> clients.written() > before + 20);
        }
        assertThat(server.ask(name, "select to_regclass('public.after_the_snapshot')"))
                .isEqualTo("null");
        assertThat(server.oid(name)).isEqualTo(copy);
    }

    @Test
    void names_of_every_kind_change_hands() throws Exception {
        List<String> names = List.of(
                "it's \"quoted\" " + server.postgres().major(),
                "spaces and %s \\ $1 " + server.postgres().major(),
                "ünïcode_数据库_🐘_" + server.postgres().major(),
                "🐘".repeat(15) + server.postgres().major(),
                "n".repeat(61) + server.postgres().major());
        for (String name : names) {
            EnrolledDatabase shop = server.shop(name);
            long live = server.oid(name);
            long copy = server.shadow(shop, "0123456789abcdef");
            assertThat(shop.isMadeName(shop.shadowName("0123456789abcdef"))).isTrue();
            try (AdminSession admin = server.rollback(shop)) {
                swap(admin, R1, admin.identify(), copy, shop.failedName("fedcba9876543210"));
            }
            assertThat(server.oid(name)).as(name).isEqualTo(copy);
            assertThat(server.oid(shop.failedName("fedcba9876543210"))).as(name).isEqualTo(live);
            assertThat(server.ask(name, "select count(*) from public.orders")).isEqualTo("10");
        }
    }

    private void swap(AdminSession admin, Command command, Identity identity, long copy, String kept) {
        admin.close(command, identity, false);
        assertThat(admin.endSessions(command, identity, List.of(), WITHIN)).isEmpty();
        admin.swap(command, identity, copy, kept, WITHIN);
    }

    /** Gives a database everything of its own that `create database … template` leaves behind. */
    private void dress(String name) throws SQLException {
        server.execute(
                "postgres",
                "do $$ declare r text; begin foreach r in array array['keeper', 'clerk', 'auditor'] loop"
                        + " if not exists (select from pg_roles where rolname = r) then execute 'create role ' || r; end if; end loop; end $$",
                "alter database " + name + " owner to keeper",
                "revoke connect on database " + name + " from public",
                "grant connect on database " + name + " to clerk with grant option",
                "set role clerk",
                "grant connect on database " + name + " to auditor",
                "reset role",
                "grant connect on database " + name + " to auditor",
                "alter database " + name + " connection limit 77",
                "comment on database " + name + " is 'it''s the shop'",
                "alter database " + name + " set search_path = \"$user\", public",
                "alter database " + name + " set work_mem = '8MB'",
                "alter role clerk in database " + name + " set search_path = \"$user\", public",
                "alter role clerk in database " + name + " set datestyle = 'ISO, DMY'");
    }

    /** Everything that a refused act must leave as it was. */
    private String state(EnrolledDatabase shop) throws SQLException {
        return server.ask(
                "postgres",
                "select string_agg(concat_ws(' ', oid, datname, datallowconn, datdba, datacl, datconnlimit), ', ' order by oid) from pg_database"
                        + " where datname like "
                        + ProtectedServer.quoted(shop.server().database() + "%"));
    }

    private static void assertFails(String state, ThrowingAct act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        DatabaseFailure.class,
                        e -> assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(state));
    }

    private interface ThrowingAct {
        void run() throws SQLException;
    }
}
