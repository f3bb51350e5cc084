package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to a database itself goes back with it: owner, grants, settings, connection limit, comment. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SwapPropertiesTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Command SNAPSHOT = new Command("a1", 1);
    private static final Command ROLLBACK = new Command("r1", 1);
    private static final Command UNDO = new Command("r2", 1);

    private final ProtectedServer server;

    SwapPropertiesTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void what_a_migration_did_to_the_database_itself_goes_back_and_is_named() throws Exception {
        EnrolledDatabase shop = dressed();
        Map<String, String> before = note(shop);
        long copy = server.shadow(shop, "a1");
        migrate(shop);
        try (AdminSession admin = server.rollback(shop)) {
            assertThat(admin.properties(server.oid(shop.server().database()))).isNotEqualTo(before);
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            assertThat(admin.properties(copy)).isEqualTo(before);
            assertThat(before.get("grants")).contains("clerk=CONNECT*").doesNotContain("public=");
            assertThat(admin.swapDone("r1").orElseThrow().properties())
                    .containsExactly(
                            "comment is the former one",
                            "connection limit is 77, was 5",
                            "CONNECT is not granted to public",
                            "CONNECT is granted to clerk with grant option",
                            "CREATE is not granted to clerk",
                            "TEMPORARY is not granted to clerk",
                            "CONNECT is granted to keeper",
                            "CREATE is granted to keeper",
                            "TEMPORARY is granted to keeper",
                            "owner is keeper, was clerk",
                            "setting search_path is back",
                            "setting statement_timeout is gone",
                            "setting work_mem has its former value",
                            "setting work_mem of clerk is gone");
        }
    }

    @Test
    void an_undo_brings_back_what_the_database_had_when_it_was_swapped_out() throws Exception {
        EnrolledDatabase shop = dressed();
        note(shop);
        long live = server.oid(shop.server().database());
        long copy = server.shadow(shop, "a1");
        migrate(shop);
        try (AdminSession admin = server.rollback(shop)) {
            Map<String, String> migrated = admin.properties(live);
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            admin.openPrivately(UNDO, admin.identify(), live, admin.sealOf(live).orElseThrow());
            swap(admin, UNDO, live, shop.failedName("r2"), ROLLBACK);
            assertThat(admin.properties(live)).isEqualTo(migrated);
            assertThat(admin.swapDone("r2").orElseThrow().properties())
                    .contains("owner is clerk, was keeper", "CONNECT is granted to public");
        }
    }

    @Test
    void of_several_notes_of_a_snapshot_the_last_one_counts() throws Exception {
        EnrolledDatabase shop = dressed();
        note(shop);
        server.execute("postgres", "alter database " + shop.server().database() + " connection limit 78");
        Map<String, String> last = note(shop);
        long copy = server.shadow(shop, "a1");
        server.execute("postgres", "alter database " + shop.server().database() + " connection limit 79");
        try (AdminSession admin = server.rollback(shop)) {
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            assertThat(admin.properties(copy)).isEqualTo(last);
        }
    }

    @Test
    void a_limit_that_kept_the_application_out_does_not_come_back() throws Exception {
        EnrolledDatabase shop = dressed();
        String name = shop.server().database();
        server.execute("postgres", "alter database " + name + " connection limit 0");
        note(shop);
        long copy = server.shadow(shop, "a1");
        server.execute("postgres", "alter database " + name + " connection limit 77");
        try (AdminSession admin = server.rollback(shop)) {
            admin.rehearseCarryOver(admin.identify(), copy, SNAPSHOT.id());
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            assertThat(admin.properties(copy)).containsEntry("connection limit", "77");
            assertThat(admin.swapDone("r1").orElseThrow().properties())
                    .containsExactly("connection limit is still 77, was 0 before, which lets no application in");
        }
    }

    @Test
    void roles_that_are_gone_are_left_out_and_named() throws Exception {
        EnrolledDatabase shop = dressed();
        String name = shop.server().database();
        String gone = "gone_" + name;
        server.execute(
                "postgres",
                "create role " + gone,
                "alter database " + name + " owner to " + gone,
                "alter role " + gone + " in database " + name + " set work_mem = '9MB'");
        note(shop);
        long copy = server.shadow(shop, "a1");
        server.execute("postgres", "alter database " + name + " owner to clerk", "drop role " + gone);
        try (AdminSession admin = server.rollback(shop)) {
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            assertThat(admin.swapDone("r1").orElseThrow().properties())
                    .contains("role " + gone + " is gone, what it had was left out");
            assertThat(admin.properties(copy)).containsEntry("owner", "clerk").containsEntry("connection limit", "77");
        }
    }

    @Test
    void what_enrol_gave_our_own_roles_since_the_snapshot_stays() throws Exception {
        EnrolledDatabase shop = dressed();
        String name = shop.server().database();
        note(shop);
        long copy = server.shadow(shop, "a1");
        server.execute(
                "postgres",
                "grant connect on database " + name + " to ripcord_change",
                "alter role ripcord_snapshot in database " + name + " set lo_compat_privileges = on");
        try (AdminSession admin = server.rollback(shop)) {
            swap(admin, ROLLBACK, copy, shop.failedName("r1"), SNAPSHOT);
            assertThat(admin.swapDone("r1").orElseThrow().properties()).isEmpty();
        }
        assertThat(server.ask(
                        "postgres",
                        "select has_database_privilege('ripcord_change', oid, 'connect') from pg_database where oid = "
                                + copy))
                .isEqualTo("t");
        assertThat(server.ask(
                        "postgres",
                        "select setconfig::text from pg_db_role_setting where setrole = 'ripcord_snapshot'::regrole and setdatabase = "
                                + copy))
                .isEqualTo("{lo_compat_privileges=on}");
    }

    private EnrolledDatabase dressed() throws SQLException {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        server.execute(
                "postgres",
                "do $$ declare r text; begin foreach r in array array['keeper', 'clerk'] loop"
                        + " if not exists (select from pg_roles where rolname = r) then execute 'create role ' || r; end if; end loop; end $$",
                "alter database " + name + " owner to keeper",
                "revoke all on database " + name + " from public",
                "grant connect on database " + name + " to clerk with grant option",
                "alter database " + name + " connection limit 77",
                "comment on database " + name + " is 'it''s the shop'",
                "alter database " + name + " set search_path = \"$user\", public",
                "alter database " + name + " set work_mem = '8MB'");
        return shop;
    }

    private void migrate(EnrolledDatabase shop) throws SQLException {
        String name = shop.server().database();
        server.execute(
                "postgres",
                "revoke connect on database " + name + " from clerk",
                "alter database " + name + " owner to clerk",
                "grant connect on database " + name + " to public",
                "alter database " + name + " connection limit 5",
                "comment on database " + name + " is null",
                "alter database " + name + " reset search_path",
                "alter database " + name + " set work_mem = '64MB'",
                "alter database " + name + " set statement_timeout = '1h'",
                "alter role clerk in database " + name + " set work_mem = '1MB'");
    }

    private Map<String, String> note(EnrolledDatabase shop) {
        try (AdminSession admin =
                AdminSession.open(ProtectedServer.VERTX, shop, shop.roles().snapshot(), ProtectedServer.LIMIT)) {
            Map<String, String> noted = admin.noteProperties(SNAPSHOT, admin.identify());
            noted.remove(
                    ManifestComparison.MEMBERSHIPS); // of the server, not of the database: no swap brings them back
            return noted;
        }
    }

    private static void swap(AdminSession admin, Command command, long copy, String kept, Command noted) {
        Identity identity = admin.identify();
        admin.close(command, identity, false);
        assertThat(admin.endSessions(command, identity, List.of(), WITHIN)).isEmpty();
        admin.swap(command, identity, copy, kept, WITHIN, noted.id());
    }
}
