package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_standby_that_does_not_answer_keeps_nobody_out() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            server.execute(
                    "postgres", "alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
            try {
                swap(admin, R1, identity, copy, shop.failedName("r1"));
            } finally {
                server.execute("postgres", "alter system reset synchronous_standby_names", "select pg_reload_conf()");
            }
        }
        assertThat(server.oid(name)).isEqualTo(copy);
        assertThat(server.ask(name, "select count(*) from public.orders")).isEqualTo("10");
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
        admin.swap(command, identity, copy, kept, WITHIN, "a1");
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
}
