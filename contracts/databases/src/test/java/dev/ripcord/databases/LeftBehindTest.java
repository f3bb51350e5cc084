package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.AdminSession.Command;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that is held closed by whom nobody goes on with. */
@ParameterizedClass
@ValueSource(ints = {18, 15})
class LeftBehindTest {

    private static final Command S1 = new Command("s1", 1);
    private static final Command R1 = new Command("r1", 1);

    private final int major;

    LeftBehindTest(int major) {
        this.major = major;
    }

    @Test
    void what_a_snapshot_left_behind_gives_way_to_whoever_comes_and_is_as_it_was_before() throws Exception {
        ProtectedServer server = ProtectedServer.ofMajor(major);
        EnrolledDatabase shop = server.shop();
        Identity identity;
        try (AdminSession snapshot = snapshot(shop)) {
            identity = snapshot.identify();
            snapshot.closeForCopy(S1, identity);
            try (AdminSession rollback = server.rollback(shop)) {
                assertThatThrownBy(() -> rollback.close(R1, identity, false))
                        .isInstanceOfSatisfying(
                                DatabaseFailure.class,
                                e -> assertThat(e.sqlState()).isEqualTo("RC004"))
                        .hasMessageContaining("its session has ended (pid ");
            }
        }
        awaitNobodyOf(server, "ripcord_snapshot");
        try (AdminSession rollback = server.rollback(shop);
                AdminSession again = snapshot(shop)) {
            rollback.close(R1, identity, false);
            assertThatThrownBy(() -> again.closeForCopy(S1, identity))
                    .as("taken up again, it closes anew or not at all")
                    .hasMessageContaining("held closed by r1 (rollback)")
                    .hasMessageContaining("ripcord rollback reopen r1 --word CONFIRM_REOPEN");
            again.open(S1, identity);
            assertThat(state(server, shop)).isEqualTo("closed");
            rollback.open(R1, identity);
            assertThat(state(server, shop)).isEqualTo("open");
            assertThat(again.openAfterPause(S1, identity).length()).isPositive();
            assertThat(again.closeForCopy(new Command("s1", 2), identity)).isTrue();
            again.open(new Command("s1", 2), identity);
        }
        assertThat(steps(server, shop)).isEqualTo("s1 closed, s1 opened, r1 closed, r1 opened, s1 closed, s1 opened");
    }

    @Test
    void after_the_server_was_lost_enrolling_lets_everybody_in_again() throws Exception {
        ProtectedServer server = ProtectedServer.durable(major);
        EnrolledDatabase shop = server.shop();
        try (AdminSession snapshot = snapshot(shop)) {
            snapshot.closeForCopy(S1, snapshot.identify());
            server.postgres().kill();
        }
        server.postgres().restart();
        assertThat(state(server, shop)).isEqualTo("closed, template");

        assertThat(clear(server, shop))
                .hasValueSatisfying(said -> assertThat(said).contains("s1 (snapshot) held", "it is open"));

        assertThat(state(server, shop)).isEqualTo("open");
        assertThat(clear(server, shop)).isEmpty();
        assertThat(server.enrolled(shop.server().database())).isNotNull();
    }

    @Test
    void a_copy_that_is_still_made_is_waited_for_though_nobody_waits_for_it() throws Exception {
        ProtectedServer server = ProtectedServer.durable(major);
        EnrolledDatabase shop = server.shop();
        String name = shop.server().database();
        // a copy begins with a checkpoint
        String checkpointer =
                server.ask("postgres", "select pid from pg_stat_activity where backend_type = 'checkpointer'");
        signal("STOP", checkpointer);
        try {
            try (AdminSession snapshot = snapshot(shop);
                    PgSession maker = server.session(shop.roles().snapshot(), "ripcord_admin")) {
                snapshot.closeForCopy(S1, snapshot.identify());
                maker.start("create database " + shop.snapshotName("s1") + " template " + name
                        + " strategy file_copy allow_connections false");
                snapshot.letWaitFor(S1, snapshot.identify(), shop.snapshotName("s1"));
            }
            await().until(() -> server.ask(
                            "postgres",
                            "select count(*) from pg_stat_activity where usename = 'ripcord_snapshot' and query not like 'create%'")
                    .equals("0"));
            try (AdminSession rollback = server.rollback(shop)) {
                assertThatThrownBy(() -> rollback.close(R1, rollback.identify(), false))
                        .hasMessageContaining("held closed by s1 (snapshot)");
                signal("CONT", checkpointer);
                awaitNobodyOf(server, "ripcord_snapshot");
                rollback.close(R1, rollback.identify(), false);
                rollback.open(R1, rollback.identify());
            }
        } finally {
            signal("CONT", checkpointer);
        }
        assertThat(state(server, shop)).isEqualTo("open");
    }

    private static void signal(String name, String pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    @Test
    void what_a_rollback_holds_is_named_and_kept_but_on_a_server_at_another_address() throws Exception {
        ProtectedServer server = ProtectedServer.ofMajor(major);
        EnrolledDatabase shop = server.shop();
        try (AdminSession rollback = server.rollback(shop)) {
            rollback.close(R1, rollback.identify(), false);
        }
        awaitNobodyOf(server, "ripcord_rollback");
        assertThat(clear(server, shop))
                .hasValueSatisfying(
                        said -> assertThat(said).contains("r1 (rollback) holds", "ripcord rollback reopen r1"));
        assertThat(state(server, shop)).isEqualTo("closed");
        server.execute(
                "ripcord_admin",
                "update ripcord.enrolment set server_port = 1 where database_id = '" + shop.id() + "'");

        assertThat(clear(server, shop))
                .hasValueSatisfying(said -> assertThat(said).contains("it is open"));

        assertThat(state(server, shop)).isEqualTo("open");
        assertThat(steps(server, shop)).isEqualTo("r1 closed, r1 opened");
    }

    private static AdminSession snapshot(EnrolledDatabase shop) {
        return AdminSession.open(ProtectedServer.VERTX, shop, shop.roles().snapshot(), ProtectedServer.LIMIT);
    }

    private static Optional<String> clear(ProtectedServer server, EnrolledDatabase shop) {
        return Enrolment.clearHold(
                ProtectedServer.VERTX, server.place(shop.server().database(), ""), server.superuser(), shop.id());
    }

    /** The server ends a session some time after its client has gone. */
    private static void awaitNobodyOf(ProtectedServer server, String role) {
        await().until(() -> server.ask(
                        "postgres", "select count(*) from pg_stat_activity where usename = '" + role + "'")
                .equals("0"));
    }

    private static String state(ProtectedServer server, EnrolledDatabase shop) throws SQLException {
        return server.ask(
                "postgres",
                "select concat_ws(', ', case when datallowconn then 'open' else 'closed' end, case when datistemplate then 'template' end)"
                        + " from pg_database where datname = '" + shop.server().database() + "'");
    }

    private static String steps(ProtectedServer server, EnrolledDatabase shop) throws SQLException {
        return server.ask(
                "ripcord_admin",
                "select string_agg(concat_ws(' ', command, step), ', ' order by position) from ripcord.act where database_id = '"
                        + shop.id() + "'");
    }
}
