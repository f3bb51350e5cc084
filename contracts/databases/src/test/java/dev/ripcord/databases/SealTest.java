package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A copy that nobody could have been in since it was proven. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class SealTest {

    private static final Command R1 = new Command("r1", 5);

    private final ProtectedServer server;

    SealTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void a_sealed_copy_opens_for_the_rollback_role_alone_and_gets_a_new_seal() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        server.execute(
                "postgres",
                "do $$ begin create role app login password 'secret'; exception when duplicate_object then null; end $$");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            String name = admin.openPrivately(R1, identity, copy, seal);
            assertThat(name).isEqualTo(shop.shadowName("a1"));
            assertThat(admin.sealOf(copy)).as("open, so not sealed").isEmpty();
            assertThat(admin.openPrivately(R1, identity, copy, seal))
                    .as("by the same command again")
                    .isEqualTo(name);
            try (PgSession inside = server.session(shop.roles().rollback(), name)) {
                assertThat(inside.query("select count(*) from public.orders")
                                .getFirst()
                                .getLong(0))
                        .isEqualTo(10);
                assertThatThrownBy(() -> server.session(server.role("app"), name))
                        .hasMessageContaining("permission denied for database");
                assertThat(admin.seal(R1, identity, copy)).isNotEqualTo(seal);
                assertThatThrownBy(() -> inside.query("select 1")).isInstanceOf(DatabaseFailure.class);
            }
            assertThatThrownBy(() -> server.session(shop.roles().rollback(), name))
                    .hasMessageContaining("not currently accepting connections");
        }
    }

    @Test
    void what_a_given_up_swap_had_opened_can_be_swapped_in_by_the_next_one() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            admin.openPrivately(R1, identity, copy, seal);
            admin.openPrivately(R1, identity, copy, seal);
            admin.sealUnswapped(R1, identity, copy);

            String now = admin.sealSince(copy, seal).orElseThrow();
            admin.openPrivately(new Command("r2", 6), identity, copy, now);
        }
    }

    @Test
    void where_somebody_was_in_it_when_the_swap_was_given_up_it_can_not() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            String name = admin.openPrivately(R1, identity, copy, seal);
            try (PgSession somebody = server.session(server.superuser(), name)) {
                somebody.query("select 1");
                admin.sealUnswapped(R1, identity, copy);
            }
            assertThat(admin.sealSince(copy, seal)).isEmpty();
        }
    }

    @Test
    void a_copy_that_somebody_opened_meanwhile_is_refused() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        String name = shop.shadowName("a1");
        try (AdminSession admin = server.rollback(shop);
                PgSession direct = server.session(shop.roles().rollback(), "ripcord_admin")) {
            Identity identity = admin.identify();
            String seal = admin.sealOf(copy).orElseThrow();
            server.execute("postgres", "alter database " + name + " with allow_connections true");
            assertFails("RC005", () -> admin.openPrivately(R1, identity, copy, seal));
            server.execute(name, "insert into public.orders (price) values (666)");
            server.execute("postgres", "alter database " + name + " with allow_connections false");
            assertFails("RC005", () -> admin.openPrivately(R1, identity, copy, seal));
            assertFails(
                    "RC005",
                    () -> direct.query(
                            "select ripcord.open_privately($1, $2, $3, 'r1', 1, $4, null)",
                            shop.id(),
                            identity.marker(),
                            identity.systemIdentifier(),
                            copy));
            assertThat(server.ask("postgres", "select datallowconn from pg_database where oid = " + copy))
                    .isEqualTo("f");
        }
    }

    @Test
    void an_owner_that_was_overtaken_neither_opens_nor_seals_what_its_successor_has_sealed() throws Exception {
        EnrolledDatabase shop = server.shop();
        long copy = server.shadow(shop, "a1");
        Command later = new Command(R1.id(), R1.fence() + 1);
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.openPrivately(later, identity, copy, admin.sealOf(copy).orElseThrow());
            String seal = admin.seal(later, identity, copy);

            assertFails("RC003", () -> admin.openPrivately(R1, identity, copy, seal));
            assertFails("RC003", () -> admin.seal(R1, identity, copy));
            assertFails("RC003", () -> admin.openToRead(R1, identity, copy, seal));
            assertFails("RC003", () -> admin.sealUnchanged(R1, identity, copy));
            assertFails("RC003", () -> admin.openForRehearsal(R1, identity, copy, seal));
            assertFails("RC003", () -> admin.endRehearsal(R1, identity, copy));
            assertThat(admin.sealOf(copy)).hasValue(seal);
        }
    }

    @Test
    void only_what_belongs_to_the_enrolment_can_be_opened_or_sealed() throws Exception {
        EnrolledDatabase shop = server.shop();
        EnrolledDatabase other = server.shop();
        String disguised = shop.shadowName("b1");
        server.shop(disguised);
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            for (String stranger : List.of(
                    "postgres",
                    "ripcord_admin",
                    other.server().database(),
                    shop.server().database(),
                    disguised)) {
                long oid = server.oid(stranger);
                assertFails("RC001", () -> admin.openPrivately(R1, identity, oid, "1"));
                assertFails("RC001", () -> admin.seal(R1, identity, oid));
            }
            assertFails("RC002", () -> admin.seal(R1, identity, 4_000_000_000L));
        }
    }

    private static void assertFails(String state, Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        DatabaseFailure.class,
                        e -> assertThat(e.sqlState()).as(e.getMessage()).isEqualTo(state));
    }

    private boolean open(EnrolledDatabase shop) throws SQLException {
        return "t"
                .equals(server.ask(
                        "postgres",
                        "select datallowconn from pg_database where datname = '"
                                + shop.server().database() + "'"));
    }
}
