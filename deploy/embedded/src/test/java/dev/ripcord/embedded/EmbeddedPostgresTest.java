package dev.ripcord.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {18, 15})
    void a_server_of_each_major_answers_queries_and_is_durable(int major) throws SQLException {
        try (var server = EmbeddedPostgres.start(folder, major, 0)) {
            assertThat(ask(server, "show server_version")).startsWith(major + ".");
            assertThat(server.version()).startsWith(major + ".");
            assertThat(ask(server, "show fsync")).isEqualTo("on");
            assertThat(ask(server, "show data_checksums")).isEqualTo("on");
            assertThat(ask(server, "show wal_level")).isEqualTo("logical");
            assertThat(ask(server, "show max_connections")).isEqualTo("200");
            assertThat(ask(server, "show server_encoding")).isEqualTo("UTF8");
            assertThat(ask(server, "select upper('é')")).isEqualTo("É");
        }
    }

    @Test
    void data_and_password_survive_a_restart_and_a_new_start() throws SQLException {
        String password;
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            password = server.password();
            tell(server, "create table kept as select 42 as answer");
            int port = server.port();
            server.restart();
            assertThat(server.port()).isEqualTo(port);
            assertThat(ask(server, "select answer from kept")).isEqualTo("42");
        }
        try (var again = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThat(again.password()).isEqualTo(password);
            assertThat(ask(again, "select answer from kept")).isEqualTo("42");
        }
    }

    @Test
    void a_killed_server_recovers_what_was_committed() throws SQLException {
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            tell(server, "create table kept as select generate_series(1, 10000) as n");
            try (Connection open = server.server().connect("postgres")) {
                assertThat(open.isValid(1)).isTrue();
                long killed = server.processId();
                server.kill();
                assertThat(server.running()).isFalse();
                server.restart();
                assertThat(server.processId()).isNotEqualTo(killed);
            }
            assertThat(ask(server, "select count(*) from kept")).isEqualTo("10000");
        }
    }

    @Test
    void stop_ends_sessions_that_are_still_open() throws SQLException {
        var server = EmbeddedPostgres.start(folder, 18, 0);
        try (Connection open = server.server().connect("postgres")) {
            assertThat(open.isValid(1)).isTrue();
            server.stop();
            assertThat(server.running()).isFalse();
        }
    }

    @Test
    void a_lock_file_of_a_dead_server_whose_number_another_process_has_now_does_not_hinder() throws Exception {
        EmbeddedPostgres.start(folder, 18, 0).close();
        Files.writeString(
                folder.resolve("data/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + folder.resolve("data") + "\n1\n1\n\n\n\n");
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void a_lock_file_of_a_process_that_is_gone_does_not_hinder() throws Exception {
        EmbeddedPostgres.start(folder, 18, 0).close();
        Files.writeString(
                folder.resolve("data/postmaster.pid"), "4194303\n" + folder.resolve("data") + "\n1\n1\n\n\n\nready\n");
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void an_initialisation_that_was_cut_off_is_done_again() throws Exception {
        Files.createDirectories(folder.resolve("data.unfinished/base"));
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void a_port_that_is_taken_is_named() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 18, other.getLocalPort()))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessage(
                            "PostgreSQL cannot listen on 127.0.0.1:" + other.getLocalPort() + ": the port is taken");
        }
    }

    @Test
    void a_cluster_of_another_major_is_refused() {
        EmbeddedPostgres.start(folder, 15, 0).close();
        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 18, 0))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("holds a cluster of PostgreSQL 15, not 18");
    }

    @Test
    void a_second_server_on_a_folder_in_use_is_refused() {
        try (var first = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 18, 0))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("another PostgreSQL server works in " + folder)
                    .hasMessageContaining(Long.toString(first.processId()));
            assertThat(first.running()).isTrue();
        }
    }

    @Test
    void a_major_that_is_not_there_is_named() {
        assertThatThrownBy(() -> EmbeddedPostgres.start(folder, 9, 0))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("no PostgreSQL 9 here");
    }

    @Test
    void root_is_told_which_folder_nobody_may_not_enter() throws IOException {
        Assumptions.assumeTrue(ServerAccount.userId() == 0, "only where the tests run as root");
        // not below the system's temporary folder, where folders are opened for the server's account
        Path closed = Files.createTempDirectory(Path.of("/var/tmp"), "ripcord-closed-");
        try {
            assertThatThrownBy(() -> EmbeddedPostgres.start(closed.resolve("server"), 18, 0))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("nobody may not enter " + closed);
        } finally {
            try (var left = Files.walk(closed)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
            }
        }
    }

    @Test
    void settings_given_win_and_can_be_altered_later() throws SQLException {
        try (var server =
                EmbeddedPostgres.start(folder, 18, 0, Map.of("max_connections", "23", "application_name", "it's"))) {
            assertThat(ask(server, "show max_connections")).isEqualTo("23");
            assertThat(ask(server, "show max_prepared_transactions")).isEqualTo("10");
            tell(server, "alter system set max_connections = 24");
            server.restart();
            assertThat(ask(server, "show max_connections")).isEqualTo("24");
        }
    }

    @Test
    void a_wrong_password_is_refused() {
        try (var server = EmbeddedPostgres.start(folder, 18, 0)) {
            assertThatThrownBy(() -> DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres", "postgres", "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void a_server_started_from_a_thread_that_ends_lives_on() throws Exception {
        EmbeddedPostgres[] started = new EmbeddedPostgres[1];
        Thread passing = Thread.ofPlatform().start(() -> started[0] = EmbeddedPostgres.start(folder, 18, 0));
        passing.join();
        try (var server = started[0]) {
            assertThat(ask(server, "select 1")).isEqualTo("1");
        }
    }

    private static String ask(EmbeddedPostgres server, String question) throws SQLException {
        try (Connection connection = server.server().connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(question)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private static void tell(EmbeddedPostgres server, String order) throws SQLException {
        try (Connection connection = server.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(order);
        }
    }
}
