package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase.Role;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What the services' roles may do on a server, and what they may not. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class RolesTest {

    private static final String DENIED = "42501";

    private final ProtectedServer server;

    RolesTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void the_rollback_role_sets_sequences_and_changes_nothing_else() throws SQLException {
        EnrolledDatabase shop = withRowsOfItsOwn();
        String name = shop.server().database();
        Role rollback = shop.roles().rollback();
        try (PgSession live = server.session(rollback, name)) {
            assertThat(live.query("select setval('public.orders_id_seq', 1000)")
                            .getFirst()
                            .getLong(0))
                    .isEqualTo(1000);
            assertThat(live.query("select setval('public.later_id_seq', 7)")
                            .getFirst()
                            .getLong(0))
                    .as("a sequence made after the enrolment")
                    .isEqualTo(7);
            assertReadsAll(live);
        }
        assertDenied(rollback, name, changesOfRowsAndSchema());
        assertDenied(rollback, "ripcord_admin", changesOfDatabases(name));
        assertDenied(
                rollback,
                "ripcord_admin",
                List.of("create database planted", "create database planted template " + name));
        assertDenied(rollback, "ripcord_admin", changesOfTheEnrolment());
    }

    @Test
    void the_verifier_role_only_reads() throws SQLException {
        EnrolledDatabase shop = withRowsOfItsOwn();
        String name = shop.server().database();
        Role verifier = shop.roles().verifier();
        try (PgSession live = server.session(verifier, name)) {
            assertReadsAll(live);
            assertThat(ManifestReader.tables(live)).isNotEmpty();
        }
        assertDenied(verifier, name, changesOfRowsAndSchema());
        assertDenied(
                verifier,
                name,
                List.of("select setval('public.orders_id_seq', 1)", "select nextval('public.orders_id_seq')"));
        assertDenied(verifier, "ripcord_admin", changesOfDatabases(name));
        assertDenied(verifier, "ripcord_admin", List.of("create database planted"));
        assertDenied(verifier, "ripcord_admin", changesOfTheEnrolment());
        try (AdminSession admin = AdminSession.open(ProtectedServer.VERTX, shop, verifier, ProtectedServer.LIMIT)) {
            Identity identity = admin.identify();
            assertThat(admin.properties(identity.oid())).containsKey("owner");
            Command command = new Command("v1", 1);
            assertDenied(() -> admin.close(command, identity, false));
            assertDenied(() -> admin.open(command, identity));
            assertDenied(() -> admin.seal(command, identity, 1));
        }
    }

    @Test
    void the_snapshot_role_copies_but_does_not_touch_the_live_database() throws SQLException {
        EnrolledDatabase shop = withRowsOfItsOwn();
        String name = shop.server().database();
        Role snapshot = shop.roles().snapshot();
        try (PgSession live = server.session(snapshot, name)) {
            assertReadsAll(live);
        }
        assertDenied(snapshot, name, changesOfRowsAndSchema());
        assertDenied(snapshot, name, List.of("select setval('public.orders_id_seq', 1)"));
        assertDenied(snapshot, "ripcord_admin", changesOfDatabases(name));
        assertDenied(snapshot, "ripcord_admin", List.of("create database planted template " + name));
        assertDenied(snapshot, "ripcord_admin", changesOfTheEnrolment());
        try (AdminSession admin = AdminSession.open(ProtectedServer.VERTX, shop, snapshot, ProtectedServer.LIMIT)) {
            Identity identity = admin.identify();
            Command command = new Command("s1", 1);
            assertDenied(() -> admin.openPrivately(command, identity, identity.oid(), "1"));
            assertDenied(() -> admin.swap(command, identity, 1, shop.failedName("1"), ProtectedServer.LIMIT, "a1"));
        }
    }

    private EnrolledDatabase withRowsOfItsOwn() throws SQLException {
        EnrolledDatabase shop = server.shop();
        server.execute(
                shop.server().database(),
                "alter table public.orders enable row level security, force row level security",
                "create table public.later (id serial)",
                "insert into public.later default values",
                "select lo_from_bytea(4711, 'content')",
                "create function public.act() returns int language sql as 'select 1'");
        return shop;
    }

    private static void assertReadsAll(PgSession session) {
        assertThat(session.query("select count(*) from public.orders")
                        .getFirst()
                        .getLong(0))
                .isEqualTo(10);
        assertThat(session.query("select count(*) from pg_largeobject where loid = 4711")
                        .getFirst()
                        .getLong(0))
                .isEqualTo(1);
    }

    private static List<String> changesOfRowsAndSchema() {
        return List.of(
                "insert into public.orders (price) values (1)",
                "update public.orders set price = 0",
                "delete from public.later",
                "truncate public.later",
                "do $$ begin lock table public.orders in exclusive mode; end $$",
                "create table public.planted ()",
                "create schema planted",
                "create or replace function public.act() returns int language sql as 'select 2'",
                "drop table public.later",
                "alter table public.later add column x int",
                "select lo_put(4711, 0, 'X')",
                "select lo_unlink(4711)",
                "set session_replication_role = replica",
                "copy public.orders to program 'true'",
                "select pg_read_file('PG_VERSION')");
    }

    private static List<String> changesOfDatabases(String name) {
        return List.of(
                "drop database " + name,
                "drop database " + name + " with (force)",
                "alter database " + name + " rename to planted",
                "alter database " + name + " with allow_connections false",
                "alter database " + name + " set search_path = planted",
                "create role planted",
                "alter role ripcord_owner login",
                "set role ripcord_owner",
                "alter system set fsync = off");
    }

    private static List<String> changesOfTheEnrolment() {
        return List.of(
                "update ripcord.enrolment set marker = gen_random_uuid()",
                "delete from ripcord.hold",
                "insert into ripcord.act (database_id, command, step, fence, detail) values ('x', 'x', 'swapped', 1, '{}')",
                "select ripcord.take_hold('x', 'x', 1, 'x', 1)",
                "select ripcord.carry_over('[]', 1, 1)",
                "select ripcord.guard('x', 'x', 'x')",
                "create function ripcord.planted() returns int language sql as 'select 1'",
                "create or replace function ripcord.seal_of(p_oid bigint) returns text language sql as 'select 1'");
    }

    private void assertDenied(Role role, String database, List<String> statements) {
        try (PgSession session = server.session(role, database)) {
            for (String statement : statements) {
                assertThat(catchThrowableOfType(DatabaseFailure.class, () -> session.execute(statement)))
                        .as("%s: %s", role.user(), statement)
                        .isNotNull()
                        .extracting(DatabaseFailure::sqlState)
                        .isEqualTo(DENIED);
            }
        }
    }

    private static void assertDenied(Runnable act) {
        assertThat(failure(act).sqlState()).isEqualTo(DENIED);
    }

    private static DatabaseFailure failure(Runnable act) {
        DatabaseFailure failure = catchThrowableOfType(DatabaseFailure.class, act::run);
        assertThat(failure).as("it should have failed").isNotNull();
        return failure;
    }

    private Identity identify(EnrolledDatabase database) {
        try (AdminSession admin = server.rollback(database)) {
            return admin.identify();
        }
    }
}
