package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import dev.ripcord.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong the first time on a server, which can be done again. */
class FirstEnrolmentTest {

    @TempDir
    Path folder;

    @Test
    void what_cannot_be_done_is_refused_before_anything_is_and_what_was_begun_can_be_repeated()
            throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(
                Files.createTempDirectory("ripcord-first-").resolve("server"), 18, 0, Map.of("fsync", "off"))) {
            postgres.server().createDatabase("shop");
            execute(postgres, "create role weak login createrole password 'weak'");

            assertThat(enrol(postgres, "shpo", "secrets"))
                    .contains("There is no database shpo on ")
                    .contains("shop");
            Path file = Files.writeString(folder.resolve("file"), "no folder");
            assertThat(enrol(postgres, "shop", "file/secrets")).contains("cannot write secrets to " + file);
            assertThat(enrol(postgres, "shop", "secrets", "--admin-user=weak", "--admin-password-file=" + weak()))
                    .contains("weak is no superuser");
            assertThat(count(postgres, "select count(*) from pg_roles where rolname like 'ripcord\\_%'"))
                    .isZero();
            assertThat(count(postgres, "select count(*) from pg_database where datname = 'ripcord_admin'"))
                    .isZero();

            execute(postgres, "create role ripcord_snapshot login createdb bypassrls");
            assertThat(enrol(postgres, "shop", "secrets"))
                    .as("what the first time has left")
                    .isEmpty();
        }
    }

    private Path weak() throws IOException {
        return Files.writeString(folder.resolve("weak"), "weak");
    }

    private String enrol(EmbeddedPostgres postgres, String database, String secrets, String... more)
            throws IOException {
        StringWriter said = new StringWriter();
        String[] admin = more.length > 0
                ? more
                : new String[] {
                    "--admin-user=" + postgres.superuser(),
                    "--admin-password-file=" + Files.writeString(folder.resolve("superuser"), postgres.password())
                };
        int status = Ripcord.commandLine()
                .setErr(new PrintWriter(said))
                .execute(
                        "enrol",
                        "--host=" + postgres.host(),
                        "--port=" + postgres.port(),
                        "--database=" + database,
                        "--environment=development",
                        "--secrets=" + folder.resolve(secrets),
                        admin[0],
                        admin[1]);
        assertThat(status == 0).as(said.toString()).isEqualTo(said.toString().isEmpty());
        return said.toString();
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.server().connect("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
