package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.databases.Databases;
import dev.ripcord.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person does first on a server of his own. */
class EnrolCommandTest {

    @TempDir
    static Path place;

    private static EmbeddedPostgres postgres;
    private static Path superuser;

    @TempDir
    Path secrets;

    @BeforeAll
    static void start() throws IOException, SQLException {
        postgres = EmbeddedPostgres.start(
                Files.createTempDirectory("ripcord-enrol-").resolve("server"), 18, 0, Map.of("fsync", "off"));
        superuser = Files.writeString(place.resolve("superuser"), postgres.password());
        for (String name : List.of("shop", "other_shop")) postgres.server().createDatabase(name);
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private record Ran(int status, String said, String printed) {}

    private Ran enrol(String database, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "enrol",
                "--host=" + postgres.host(),
                "--port=" + postgres.port(),
                "--database=" + database,
                "--environment=development",
                "--admin-user=" + postgres.superuser(),
                "--admin-password-file=" + superuser));
        if (List.of(more).stream().noneMatch(each -> each.startsWith("--secrets")))
            arguments.add("--secrets=" + secrets);
        arguments.addAll(List.of(more));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream usual = System.err;
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setErr(err);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream usualOut = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            int status =
                    Ripcord.commandLine().setErr(new PrintWriter(err, true)).execute(arguments.toArray(String[]::new));
            return new Ran(status, said.toString(StandardCharsets.UTF_8), printed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(usual);
            System.setOut(usualOut);
        }
    }

    private static void execute(String database, String statement) throws SQLException {
        try (Connection connection = postgres.server().connect(database);
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static void login(Path folder, String options) throws IOException, SQLException {
        String password = Files.readString(folder.resolve("ripcord_snapshot")).strip();
        DriverManager.getConnection(
                        "jdbc:postgresql://" + postgres.server().address("shop") + options,
                        "ripcord_snapshot",
                        password)
                .close();
    }

    @Test
    void the_roles_log_in_with_what_it_writes_and_enrolling_again_keeps_that(@TempDir Path elsewhere)
            throws IOException, SQLException {
        assertThat(enrol("shop", "--new-passwords").status()).isZero();
        login(secrets, "");
        String before = Files.readString(secrets.resolve("ripcord_snapshot"));

        assertThat(enrol("shop").status()).isZero();
        assertThat(Files.readString(secrets.resolve("ripcord_snapshot"))).isEqualTo(before);

        Ran unknown = enrol("shop", "--secrets=" + elsewhere);
        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.said()).contains("--new-passwords");
        Files.writeString(elsewhere.resolve("ripcord_snapshot"), "of another server");
        assertThat(enrol("shop", "--secrets=" + elsewhere).said()).contains("does not hold their passwords");
        login(secrets, "");
    }

    @Test
    void new_passwords_are_new(@TempDir Path old) throws IOException {
        assertThat(enrol("shop", "--new-passwords").status()).isZero();
        Files.copy(secrets.resolve("ripcord_snapshot"), old.resolve("ripcord_snapshot"));

        assertThat(enrol("shop", "--new-passwords").status()).isZero();

        assertThatCode(() -> login(secrets, "")).doesNotThrowAnyException();
        assertThatThrownBy(() -> login(old, "")).hasMessageContaining("password authentication failed");
    }

    @Test
    void an_id_belongs_to_one_database_and_can_be_written_into_the_file() throws IOException, SQLException {
        assertThat(enrol("shop", "--new-passwords").status()).isZero();

        Ran other = enrol("other_shop", "--id=shop", "--new-passwords");
        Ran unwritable = enrol("other_shop");

        assertThat(other.status()).isEqualTo(1);
        assertThat(other.said()).contains("The id shop belongs to the database shop");
        login(secrets, "");
        assertThat(unwritable.said()).contains("choose one with --id, found other_shop");
        assertThat(enrol("other_shop", "--id=other-shop").status()).isZero();
        assertThat(enrol("shop").status()).isZero();
    }

    @Test
    void a_marker_that_was_drawn_anew_is_told_of_and_the_services_are_to_be_restarted() throws SQLException {
        assertThat(enrol("shop", "--new-passwords").said())
                .contains("restart the services")
                .doesNotContain("The marker is a new one");
        execute("ripcord_admin", "update ripcord.enrolment set server_port = 1 where database_id = 'shop'");

        assertThat(enrol("shop").said()).contains("The marker is a new one");
        assertThat(enrol("shop").said()).doesNotContain("The marker is a new one");
    }

    @Test
    void rights_of_an_earlier_enrolment_that_no_option_asks_for_are_named_with_what_takes_them_back()
            throws SQLException {
        execute("shop", "create role keeper");
        execute("shop", "create table kept (id int); alter table kept owner to keeper");
        assertThat(enrol("shop", "--new-passwords", "--in-place", "--archive=/tmp")
                        .said())
                .doesNotContain("none of these asks for");

        assertThat(enrol("shop", "--archive=/tmp").said())
                .contains("revoke keeper from ripcord_change")
                .doesNotContain("ripcord_restore");
        assertThat(enrol("shop").said())
                .contains("revoke keeper from ripcord_change; revoke keeper from ripcord_restore");
        execute("shop", "revoke keeper from ripcord_change");
        execute("shop", "revoke keeper from ripcord_restore");
        assertThat(enrol("shop").said()).doesNotContain("none of these asks for");
    }

    @Test
    void an_enrolment_is_ended_as_the_guide_says() throws IOException, SQLException {
        postgres.server().createDatabase("leaver");
        assertThat(enrol("leaver", "--new-passwords", "--in-place", "--archive=/tmp")
                        .status())
                .isZero();
        String guide = Files.readString(Installation.here().home().resolve("deploy/docs/guards.md"));
        String sql = guide.substring(guide.indexOf("```sql"), guide.indexOf("```\n", guide.indexOf("```sql") + 6))
                .replace("```sql", "")
                .replace("= 'shop'", "= 'leaver'")
                .replace("database shop", "database leaver");
        assertThat(sql).contains("leaver");
        int there = sql.indexOf("-- in the database itself");
        execute("ripcord_admin", sql.substring(0, there));
        execute("leaver", sql.substring(there));

        assertThat(enrol("leaver", "--id=another-id", "--new-passwords").said())
                .as("no trace of it is in the way")
                .contains("Prepared.");
        for (String role : List.of("snapshot", "rollback", "verifier", "change")) {
            execute("leaver", "drop owned by ripcord_" + role);
        }
        assertThat(enrol("shop").status()).as("the others of the server, again").isZero();
    }

    @Test
    void what_is_printed_for_a_second_server_can_be_put_below_what_was_printed_for_the_first()
            throws IOException, SQLException {
        postgres.server().createDatabase("mover");
        Ran first = enrol("mover", "--new-passwords", "--archive=/tmp");
        Ran second = enrol("elsewhere", "--id=mover-there", "--second-server");
        assertThat(second.said()).contains("under the entry of mover-there");
        assertThat(enrol("elsewhere", "--id=mover", "--second-server").said())
                .as("on the first server, by mistake")
                .contains("The id mover belongs to the database mover");

        String here = "port: " + postgres.port();
        Path file = Files.writeString(
                secrets.resolve("databases.yaml"),
                first.printed()
                        + second.printed()
                                .replace("database: elsewhere", "database: mover")
                                .replace(here, "port: 1"));
        assertThat(Databases.read(file).find("mover").orElseThrow().secondServer())
                .isNotNull();
    }

    @Test
    void a_server_that_only_takes_encrypted_connections_is_enrolled_over_them() throws IOException, SQLException {
        Path keys = postgres.ownFolder("keys");
        postgres.run(
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "rsa:2048",
                        "-nodes",
                        "-days",
                        "2",
                        "-subj",
                        "/CN=127.0.0.1",
                        "-addext",
                        "subjectAltName=IP:127.0.0.1",
                        "-keyout",
                        keys.resolve("key").toString(),
                        "-out",
                        keys.resolve("certificate").toString()),
                Duration.ofSeconds(60));
        Path rules = postgres.dataFolder().resolve("pg_hba.conf");
        if (!Files.exists(rules)) rules = postgres.dataFolder().resolve("data/pg_hba.conf");
        String before = Files.readString(rules);
        try (Connection connection = postgres.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("alter system set ssl_cert_file = '" + keys.resolve("certificate") + "'");
            statement.execute("alter system set ssl_key_file = '" + keys.resolve("key") + "'");
            statement.execute("alter system set ssl = on");
            Files.writeString(rules, "hostssl all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("select pg_reload_conf()");
        }
        try {
            Ran plain = enrol("shop", "--new-passwords");
            assertThat(plain.status()).isEqualTo(1);
            assertThat(secrets)
                    .as("passwords that the server has not been given")
                    .isEmptyDirectory();

            Ran encrypted =
                    enrol("shop", "--new-passwords", "--tls=verify-full", "--ca=" + keys.resolve("certificate"));

            assertThat(encrypted.status()).as(encrypted.said()).isZero();
            login(secrets, "?sslmode=require");
            assertThat(enrol("shop", "--tls=verify-full").said()).contains("--tls verify-full needs --ca");
            assertThat(enrol("shop", "--tls=some").said()).contains("--tls is disable, require or verify-full");
        } finally {
            Files.writeString(rules, before);
            postgres.restart();
        }
    }
}
