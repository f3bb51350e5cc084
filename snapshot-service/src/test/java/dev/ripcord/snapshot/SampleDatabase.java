package dev.ripcord.snapshot;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.DatabaseServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An enrolled database of a shop, with one of everything that a snapshot can lose. */
public record SampleDatabase(DatabaseServer server, String name, String marker) {

    private static final String PASSWORD = "only for tests";
    private static final String OWNER = "shop_owner";
    private static final Map<String, String> PASSWORDS =
            Map.of("ripcord_snapshot", PASSWORD, "ripcord_restore", PASSWORD);

    /** Makes and enrols it; {@code archive} prepares the restoring role too. */
    public static SampleDatabase create(Vertx vertx, DatabaseServer server, Path folder, String name, boolean archive) {
        return create(vertx, server, folder, name, archive, "");
    }

    /** The same, made with these options: an encoding, a locale. */
    public static SampleDatabase create(
            Vertx vertx, DatabaseServer server, Path folder, String name, boolean archive, String options) {
        try {
            try (Connection postgres = server.connect("postgres");
                    Statement statement = postgres.createStatement()) {
                statement.execute("do $$ begin create role " + OWNER
                        + " login; exception when duplicate_object then null; end $$");
                statement.execute("create database \"" + name + "\" owner " + OWNER + " " + options);
                statement.execute("revoke connect on database \"" + name + "\" from public");
                statement.execute("alter database \"" + name + "\" set work_mem = '8MB'");
            }
            try (Connection shop = server.connect(name);
                    Statement statement = shop.createStatement()) {
                statement.execute("set role " + OWNER);
                statement.execute(resource("/sample.sql"));
            }
            Files.writeString(folder.resolve("superuser"), server.password());
            Files.writeString(folder.resolve("password"), PASSWORD);
            Server place = new Server(server.host(), server.port(), name, null, "", null, null);
            Role superuser = new Role(server.superuser(), new Secret(null, folder.resolve("superuser")));
            String marker = Enrolment.enrol(vertx, place, superuser, name, Environment.development, PASSWORDS, archive);
            return new SampleDatabase(server, name, marker);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its entry in {@code databases.yaml}, with the lines of its snapshot policy. */
    public String yaml(Path folder, String... policy) {
        return """
              - id: %1$s
                environment: development
                server: {host: %2$s, port: %3$d, database: %1$s, marker: %4$s}
                roles:
                  snapshot: {user: ripcord_snapshot, password: {file: %5$s/password}}
                  rollback: {user: ripcord_rollback, password: {file: %5$s/none}}
                  verifier: {user: ripcord_verifier, password: {file: %5$s/none}}
                  restore: {user: ripcord_restore, password: {file: %5$s/password}}
                snapshot: {%6$s}
            """.formatted(name, server.host(), server.port(), marker, folder, String.join(", ", policy));
    }

    /** Options of a session under which a database reads the same whatever its own settings are. */
    public static final String PLAIN = Stream.of(
                    "statement_timeout=0",
                    "lock_timeout=0",
                    "idle_in_transaction_session_timeout=0",
                    "client_encoding=UTF8",
                    "standard_conforming_strings=on",
                    "quote_all_identifiers=off",
                    "search_path=public",
                    "timezone=UTC",
                    "bytea_output=hex")
            .map(setting -> "-c " + setting)
            .collect(Collectors.joining(" "));

    /** A superuser's connection to it. */
    public Connection connect() {
        return connect(name);
    }

    public Connection connect(String database) {
        try {
            return server.connect(database, PLAIN);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement in it as superuser. */
    public void run(String sql) {
        run(name, sql);
    }

    public void run(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one value that a query of the server's catalogues returns, as text; "none" without a row. */
    public String value(String sql) {
        return value("postgres", sql);
    }

    public String value(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "none";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether everybody is let in, as it must be whenever nothing is being done. */
    public boolean open() {
        return value("select datallowconn and not datistemplate from pg_database where datname = '" + name + "'")
                .equals("t");
    }

    /** How many databases of that kind were made beside it: shadow, snapshot or failed. */
    public int made(String kind) {
        return Integer.parseInt(
                value("select count(*) from pg_database where datname like '" + name + "\\_\\_" + kind + "\\_%'"));
    }

    private static String resource(String path) throws IOException {
        try (InputStream stream = SampleDatabase.class.getResourceAsStream(path)) {
            if (stream == null) throw new IllegalStateException("No resource " + path);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
