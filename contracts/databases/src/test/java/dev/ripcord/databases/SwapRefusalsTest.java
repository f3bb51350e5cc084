package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold for two names to change hands; where it does not, nothing has changed. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SwapRefusalsTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);
    private static final Command R1 = new Command("r1", 1);

    private final ProtectedServer server;

    SwapRefusalsTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void done_again_by_the_same_command_it_does_nothing_and_by_another_it_fails() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            swap(admin, R1, identity, copy, shop.failedName("r1"));
            String after = state(shop);
            admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1");
            admin.swap(new Command("r1", 9), identity, copy, shop.failedName("r1"), WITHIN, "a1");
            assertThat(state(shop)).isEqualTo(after);
            Command other = new Command("r2", 1);
            assertFails("RC003", () -> admin.swap(other, identity, copy, shop.failedName("r2"), WITHIN, "a1"));
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
            assertFails("RC003", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1"));
            assertThat(state(shop)).isEqualTo(before);
            admin.close(new Command("r1", 2), identity, false);
            String closed = state(shop);
            assertFails("RC003", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1"));
            assertFails(
                    "RC003",
                    () -> admin.swap(new Command("r2", 2), identity, copy, shop.failedName("r2"), WITHIN, "a1"));
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
                assertFails("RC001", () -> admin.swap(R1, identity, wrong, shop.failedName("r1"), WITHIN, "a1"));
            }
            assertFails("RC002", () -> admin.swap(R1, identity, 4_000_000_000L, shop.failedName("r1"), WITHIN, "a1"));
            for (String keep : List.of(
                    "kept",
                    shop.shadowName("x"),
                    other.failedName("r1"),
                    shop.failedName("r1") + "_",
                    shop.failedName("r1") + "0123456789abcdef")) {
                assertFails("RC001", () -> admin.swap(R1, identity, copy, keep, WITHIN, "a1"));
            }
            Identity stale =
                    new Identity(identity.systemIdentifier(), identity.marker(), copy, identity.serverVersion());
            assertFails("RC001", () -> admin.swap(R1, stale, copy, shop.failedName("r1"), WITHIN, "a1"));
            assertThat(state(shop)).isEqualTo(closed);
            server.execute(
                    "postgres",
                    "alter database " + name + " rename to " + name + "_moved",
                    "create database " + name + " allow_connections false");
            String recreated = state(shop);
            assertFails("RC001", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1"));
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
            assertFails("RC002", () -> admin.swap(R1, identity, copy, shop.failedName("r1"), WITHIN, "a1"));
            assertThat(state(shop)).isEqualTo(before);
            admin.open(R1, identity);
        }
    }

    @Test
    void a_copy_whose_indexes_follow_an_older_version_of_its_collation_is_refused() throws Exception {
        String name = "collated" + server.postgres().major();
        server.execute(
                "postgres",
                "create database " + name
                        + " template template0 encoding 'UTF8' locale 'C.UTF-8' locale_provider icu icu_locale 'en-US'");
        EnrolledDatabase shop = server.enrolled(name);
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.rehearseCarryOver(identity, copy, "a1");
            server.execute("postgres", "update pg_database set datcollversion = 'older' where oid = " + copy);
            String before = state(shop);
            assertFails("RC006", () -> admin.rehearseCarryOver(identity, copy, "a1"));
            assertThat(state(shop)).isEqualTo(before);
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
            assertFails("RC006", () -> admin.swap(R1, identity, server.oid(name), shop.failedName("r1"), WITHIN, "a1"));
            assertThat(state(shop)).isEqualTo(before);
            admin.open(R1, identity);
        }
    }

    private void swap(AdminSession admin, Command command, Identity identity, long copy, String kept) {
        admin.close(command, identity, false);
        assertThat(admin.endSessions(command, identity, List.of(), WITHIN)).isEmpty();
        admin.swap(command, identity, copy, kept, WITHIN, "a1");
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
