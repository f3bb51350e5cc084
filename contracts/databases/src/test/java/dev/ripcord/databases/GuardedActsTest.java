package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing and opening a live database. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class GuardedActsTest {

    private static final Command R1 = new Command("r1", 5);
    private static final Command R2 = new Command("r2", 1);

    private final ProtectedServer server;

    GuardedActsTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void a_database_is_closed_emptied_of_clients_that_keep_coming_and_opened_again() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        try (AdminSession admin = server.rollback(shop);
                Clients clients = new Clients(server, name, 5)) {
            await().until(() -> clients.written() > 20);
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            assertThat(admin.endSessions(R1, identity, List.of(), Duration.ofSeconds(5)))
                    .isEmpty();
            await().until(() -> clients.lastFailure().contains("not currently accepting connections"));
            admin.open(R1, identity);
            int before = clients.written();
            await().until(() -> clients.written() > before + 20);
            assertThat(steps(shop)).isEqualTo("closed opened");
        }
    }

    @Test
    void the_sessions_that_are_named_stay_and_those_that_do_not_end_are_told() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop);
                PgSession ours =
                        server.session(shop.roles().rollback(), shop.server().database());
                PgSession other =
                        server.session(shop.roles().verifier(), shop.server().database())) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            List<Integer> both = List.of(ours.processId(), other.processId());
            assertThat(admin.endSessions(R1, identity, both, Duration.ofMillis(200)))
                    .isEmpty();
            assertThat(admin.endSessions(R1, identity, List.of(ours.processId()), Duration.ofSeconds(5)))
                    .isEmpty();
            assertThat(ours.query("select 1::bigint").getFirst().getLong(0)).isEqualTo(1);
            assertThatThrownBy(() -> other.query("select 1")).isInstanceOf(DatabaseFailure.class);
            admin.open(R1, identity);
        }
    }

    @Test
    void an_owner_that_was_overtaken_closes_nothing_any_more_though_nothing_is_held() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            admin.open(R1, identity);
            assertFails("RC003", () -> admin.close(new Command("r1", 4), identity, false));
            assertThat(open(shop)).isTrue();
            admin.close(R1, identity, false);
            admin.open(R1, identity);
        }
    }

    @Test
    void a_change_in_place_is_begun_once_and_ended_with_its_session() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        try (AdminSession admin = server.rollback(shop);
                Connection first = server.connect(name);
                Connection second = server.connect(name)) {
            Identity identity = admin.identify();
            Change begun = change(first);
            admin.beginInPlace(R1, identity, begun.pid(), begun.transaction());
            Change another = change(second);
            assertFails("RC003", () -> admin.beginInPlace(R1, identity, another.pid(), another.transaction()));
            assertThat(admin.changedInPlace("r1")).hasValue("in progress");
            admin.endInPlace(R1, identity);
            await().until(() -> admin.changedInPlace("r1").equals(Optional.of("aborted")));
            admin.beginInPlace(R1, identity, another.pid(), another.transaction());
            second.commit();
            assertFails("RC003", () -> admin.beginInPlace(R1, identity, another.pid(), another.transaction()));
            admin.endInPlace(R1, identity);
            assertThat(second.isValid(5)).as("what is committed is left alone").isTrue();
            admin.open(R1, identity);
        }
        assertThat(server.ask(name, "select sum(price) from public.orders")).isEqualTo("65");
    }

    private record Change(int pid, String transaction) {}

    private static Change change(Connection session) throws SQLException {
        session.setAutoCommit(false);
        try (Statement statement = session.createStatement()) {
            statement.execute("insert into public.orders (price) values (10)");
            var row = statement.executeQuery("select pg_backend_pid(), pg_current_xact_id()::text");
            row.next();
            return new Change(row.getInt(1), row.getString(2));
        }
    }

    @Test
    void while_one_command_holds_it_another_is_refused_with_its_name_and_opens_nothing() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            assertFails("RC004", () -> admin.close(R2, identity, false));
            assertThatThrownBy(() -> admin.close(R2, identity, false)).hasMessageContaining("held closed by r1");
            admin.open(R2, identity);
            assertFails("RC003", () -> admin.endSessions(R2, identity, List.of(), Duration.ofSeconds(1)));
            assertThat(open(shop)).isFalse();
            admin.open(R1, identity);
            admin.close(R2, identity, false);
            admin.open(R2, identity);
            assertThat(open(shop)).isTrue();
        }
    }

    @Test
    void a_former_owner_of_the_work_is_refused_once_the_work_has_a_new_one() throws Exception {
        EnrolledDatabase shop = server.shop();
        Command later = new Command(R1.id(), R1.fence() + 1);
        try (AdminSession admin = server.rollback(shop)) {
            Identity identity = admin.identify();
            admin.close(R1, identity, false);
            admin.close(later, identity, false);
            assertFails("RC003", () -> admin.close(R1, identity, false));
            assertFails("RC003", () -> admin.open(R1, identity));
            assertFails("RC003", () -> admin.endSessions(R1, identity, List.of(), Duration.ofSeconds(1)));
            assertThat(open(shop)).isFalse();
            admin.open(later, identity);
            assertThat(open(shop)).isTrue();
        }
    }

    @Test
    void opening_what_nobody_holds_does_nothing() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop)) {
            server.execute("postgres", "alter database " + shop.server().database() + " with allow_connections false");
            admin.open(R1, admin.identify());
            assertThat(open(shop)).as("somebody else closed it").isFalse();
        }
    }

    @Test
    void a_database_that_was_a_template_before_a_copy_is_one_afterwards() throws Exception {
        for (boolean template : new boolean[] {true, false}) {
            EnrolledDatabase shop = server.shop();
            server.execute("postgres", "alter database " + shop.server().database() + " with is_template " + template);
            server.shadow(shop, "a1");
            assertThat(server.ask(
                            "postgres",
                            "select datistemplate, datallowconn from pg_database where datname = '"
                                    + shop.server().database() + "'"))
                    .isEqualTo(template ? "t" : "f");
            assertThat(open(shop)).isTrue();
            server.execute("postgres", "alter database " + shop.server().database() + " with is_template false");
        }
    }

    @Test
    void temporary_tables_of_an_application_are_not_in_the_way_and_a_schema_change_that_lasts_is() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        AtomicBoolean enough = new AtomicBoolean();
        try (AdminSession admin = server.rollback(shop);
                Connection one = server.connect(name);
                Connection other = server.connect(name);
                Connection migration = server.connect(name);
                Statement change = migration.createStatement()) {
            CompletableFuture<Void> working = CompletableFuture.allOf(
                    CompletableFuture.runAsync(() -> makeTemporaryTables(one, enough)),
                    CompletableFuture.runAsync(() -> makeTemporaryTables(other, enough)));
            Identity identity = admin.identify();
            await().until(() -> !admin.blockers(identity).isEmpty());
            assertThat(Blockers.lasting(admin, identity)).isEmpty();

            migration.setAutoCommit(false);
            change.execute("alter table public.orders add column x int");
            assertThat(Blockers.lasting(admin, identity))
                    .singleElement()
                    .asString()
                    .contains("alter table");
            migration.rollback();
            enough.set(true);
            working.get(10, TimeUnit.SECONDS);
            assertThat(Blockers.lasting(admin, identity)).isEmpty();
        }
    }

    /** As a pool's session does it: now and then. */
    private static void makeTemporaryTables(Connection application, AtomicBoolean enough) {
        try (Statement work = application.createStatement()) {
            application.setAutoCommit(false);
            while (!enough.get()) {
                work.execute("create temporary table mine on commit drop as select 1; select pg_sleep(0.06)");
                application.commit();
                work.execute("select pg_sleep(0.06)");
                application.commit();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_stands_in_the_way_is_listed() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop);
                Connection migration = server.connect(shop.server().database());
                Statement statement = migration.createStatement()) {
            Identity identity = admin.identify();
            assertThat(admin.blockers(identity)).isEmpty();
            migration.setAutoCommit(false);
            statement.execute("set application_name = 'flyway'");
            statement.execute("alter table public.orders add column x int");
            assertThat(admin.blockers(identity))
                    .singleElement()
                    .asString()
                    .contains("schema change: pid", "flyway", "alter table");
            statement.execute("rollback");
            statement.execute("insert into public.orders (price) values (1)");
            assertThat(admin.blockers(identity))
                    .as("writing is no schema change")
                    .isEmpty();
            statement.execute("prepare transaction 'left alone'");
            assertThat(admin.blockers(identity))
                    .singleElement()
                    .asString()
                    .contains("prepared transaction: left alone");
            migration.setAutoCommit(true);
            statement.execute("rollback prepared 'left alone'");
        }
    }

    @Test
    void a_database_that_was_made_again_is_not_closed_until_it_is_enrolled_again() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        try (AdminSession admin = server.rollback(shop)) {
            Identity looked = admin.identify();
            server.execute(
                    "postgres", "alter database " + name + " rename to " + name + "_moved", "create database " + name);
            assertThatThrownBy(admin::identify)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("was made again since it was enrolled");
            assertFails("RC001", () -> admin.close(R1, looked, false));
            Identity now =
                    new Identity(looked.systemIdentifier(), looked.marker(), server.oid(name), looked.serverVersion());
            assertFails("RC001", () -> admin.close(R1, now, false));
            assertThat(open(shop)).isTrue();
            assertThat(steps(shop)).isEqualTo("null");
            assertThat(server.enrolled(name)).isEqualTo(shop);
            assertThat(admin.identify()).isEqualTo(now);
        }
    }

    @Test
    void another_server_or_enrolment_than_the_one_looked_at_is_left_alone() throws Exception {
        EnrolledDatabase shop = server.shop();
        try (AdminSession admin = server.rollback(shop);
                PgSession direct = server.session(shop.roles().rollback(), "ripcord_admin")) {
            Identity now = admin.identify();
            Identity elsewhere = new Identity("1", now.marker(), now.oid(), now.serverVersion());
            assertFails("RC001", () -> admin.close(R1, elsewhere, false));
            Identity otherwise = new Identity(now.systemIdentifier(), "x", now.oid(), now.serverVersion());
            assertFails("RC001", () -> admin.close(R1, otherwise, false));
            for (String left : new String[] {"null, $2", "$2, null"}) {
                String given = left.startsWith("null") ? now.systemIdentifier() : now.marker();
                assertFails(
                        "RC001",
                        () -> direct.query(
                                "select ripcord.close($1, " + left + ", 'r1', 1, $3, false)::text",
                                shop.id(),
                                given,
                                now.oid()));
            }
            assertThat(open(shop)).as("what is left out is no match").isTrue();
            assertThat(steps(shop)).isEqualTo("null");
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

    private String steps(EnrolledDatabase shop) throws SQLException {
        return server.ask(
                "ripcord_admin",
                "select string_agg(step, ' ' order by position) from ripcord.act where database_id = '" + shop.id()
                        + "'");
    }
}
