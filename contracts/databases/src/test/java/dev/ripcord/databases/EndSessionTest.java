package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Who blocks whom in the live database, and ending one of them. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class EndSessionTest {

    private final ProtectedServer server;

    EndSessionTest(int major) {
        server = ProtectedServer.ofMajor(major);
    }

    @Test
    void a_hung_migration_is_shown_with_what_it_waits_for_and_ended_with_the_very_session_alone() throws Exception {
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        try (AdminSession admin = server.rollback(shop);
                Connection report = server.connect(name);
                Connection calm = server.connect(name);
                Connection migration = server.connect(name)) {
            Identity identity = admin.identify();
            int reporter = begin(report, "report", "select count(*) from public.orders");
            int bystander = begin(calm, "calm", "select 1");
            migration.setAutoCommit(false);
            int migrator = pid(migration, "flyway");
            Thread.ofVirtual().start(() -> alter(migration));
            await().until(() -> admin.sessions(identity).stream()
                    .anyMatch(each -> each.pid() == migrator && each.waitsFor().equals(List.of(reporter))));

            List<LiveSession> sessions = admin.sessions(identity);
            LiveSession hung = only(sessions, migrator);
            assertThat(hung.changesSchema()).isTrue();
            assertThat(hung.line()).contains("flyway) changes the schema waits for pid " + reporter);
            assertThat(sessions).extracting(LiveSession::pid).containsExactlyInAnyOrder(migrator, reporter);

            assertRefused(() -> admin.endSession(identity, bystander, hung.since(), "ann"));
            assertRefused(
                    () -> admin.endSession(identity, migrator, hung.since().minusSeconds(1), "ann"));
            assertThat(admin.endSession(identity, migrator, hung.since(), "ann"))
                    .isEqualTo("ended");
            assertThat(admin.sessions(identity)).isEmpty();
            assertThat(report.isValid(1)).isTrue();
            assertThat(calm.isValid(1)).isTrue();
            assertRefused(() -> admin.endSession(identity, migrator, hung.since(), "ann"));
            assertThat(server.ask(
                            "ripcord_admin",
                            "select count(*) from ripcord.act where step = 'session ended' and detail ->> 'by' = 'ann' and database_id = '"
                                    + shop.id() + "'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void sessions_of_the_services_and_of_other_databases_cannot_be_ended() throws Exception {
        EnrolledDatabase shop = server.shop();
        EnrolledDatabase other = server.shop();
        try (AdminSession admin = server.rollback(shop);
                AdminSession otherAdmin = server.rollback(other);
                PgSession ours =
                        server.session(shop.roles().verifier(), shop.server().database());
                Connection elsewhere = server.connect(other.server().database())) {
            Identity identity = admin.identify();
            int pid = begin(elsewhere, "flyway", "alter table public.orders add column x int");
            LiveSession there = only(otherAdmin.sessions(otherAdmin.identify()), pid);
            assertRefused(() -> admin.endSession(identity, pid, there.since(), "ann"));
            ours.execute("begin");
            ours.query("select count(*) from public.orders");
            OffsetDateTime since = ours.query("select backend_start from pg_stat_activity where pid = pg_backend_pid()")
                    .getFirst()
                    .getOffsetDateTime(0);
            assertRefused(() -> admin.endSession(identity, ours.processId(), since, "ann"));
            assertThat(elsewhere.isValid(1)).isTrue();
        }
    }

    private static LiveSession only(List<LiveSession> sessions, int pid) {
        return sessions.stream().filter(each -> each.pid() == pid).findFirst().orElseThrow();
    }

    private static int begin(Connection connection, String application, String sql) throws SQLException {
        connection.setAutoCommit(false);
        int pid = pid(connection, application);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return pid;
    }

    private static int pid(Connection connection, String application) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set application_name = '" + application + "'");
            var row = statement.executeQuery("select pg_backend_pid()");
            row.next();
            return row.getInt(1);
        }
    }

    private static void alter(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("alter table public.orders add column hung int");
        } catch (SQLException e) {
            // it was ended, as it should be
        }
    }

    private static void assertRefused(Runnable act) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        DatabaseFailure.class,
                        e -> assertThat(e.refused()).as(e.getMessage()).isTrue());
    }
}
