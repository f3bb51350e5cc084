package dev.ripcord.databases;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.embedded.EmbeddedPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real server of one major version, on which each test enrols databases of its own; gone with the JVM. */
final class ProtectedServer {

    static final Duration LIMIT = Duration.ofSeconds(20);
    static final Vertx VERTX = Vertx.vertx();
    private static final Map<Integer, ProtectedServer> SHARED = new HashMap<>();
    private static final Map<String, String> PASSWORDS = Map.of(
            "ripcord_snapshot", "secret",
            "ripcord_rollback", "secret",
            "ripcord_verifier", "secret",
            "ripcord_restore", "secret");

    private final EmbeddedPostgres postgres;
    private final Path folder;
    private final AtomicInteger names = new AtomicInteger();

    private ProtectedServer(EmbeddedPostgres postgres, Path folder) {
        this.postgres = postgres;
        this.folder = folder;
    }

    /** The one that all tests share, which nobody kills. */
    static ProtectedServer ofMajor(int major) {
        synchronized (SHARED) {
            return SHARED.computeIfAbsent(major, each -> start(each, Map.of("fsync", "off")));
        }
    }

    /** One that a test may kill. */
    static ProtectedServer durable(int major) {
        return start(major, Map.of());
    }

    private static ProtectedServer start(int major, Map<String, String> settings) {
        try {
            Path folder = Files.createTempDirectory("ripcord-databases-");
            Files.writeString(folder.resolve("secret"), "secret\n");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("server"), major, 0, settings);
            Files.writeString(folder.resolve("superuser"), postgres.password());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, folder)));
            return new ProtectedServer(postgres, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(EmbeddedPostgres postgres, Path folder) {
        postgres.kill();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + folder + " (" + e.getMessage() + ")");
        }
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    /** A new database with a table and a sequence, enrolled for clones. */
    EnrolledDatabase shop() throws SQLException {
        return shop("shop" + names.incrementAndGet());
    }

    EnrolledDatabase shop(String name) throws SQLException {
        execute("postgres", "create database " + identifier(name));
        execute(
                name,
                "create table public.orders (id bigint generated always as identity primary key, price numeric not null)",
                "insert into public.orders (price) select n from generate_series(1, 10) n");
        return enrolled(name);
    }

    /** The entry of a database that there is, enrolled anew. */
    EnrolledDatabase enrolled(String name) {
        String id = "id-of-" + name;
        return entry(id, name, enrol(id, name, Map.of()));
    }

    String enrol(String id, String name, Map<String, String> passwords) {
        Map<String, String> all = passwords.isEmpty() ? PASSWORDS : passwords;
        return Enrolment.enrol(VERTX, place(name, ""), superuser(), id, Environment.development, all, false);
    }

    EnrolledDatabase entry(String id, String name, String marker) {
        return new EnrolledDatabase(
                id,
                Environment.development,
                place(name, marker),
                new Roles(role("ripcord_snapshot"), role("ripcord_rollback"), role("ripcord_verifier"), null),
                new SnapshotPolicy(Form.clone, true, null, 0, 0),
                null,
                null,
                null,
                null);
    }

    Server place(String name, String marker) {
        return new Server(postgres.host(), postgres.port(), name, null, marker, null, null);
    }

    Role superuser() {
        return new Role(postgres.superuser(), new Secret(null, folder.resolve("superuser")));
    }

    Role role(String user) {
        return new Role(user, new Secret(null, folder.resolve("secret")));
    }

    PgSession session(Role role, String database) {
        return PgSession.open(VERTX, place(database, ""), role, database, LIMIT);
    }

    AdminSession rollback(EnrolledDatabase database) {
        return AdminSession.open(VERTX, database, database.roles().rollback(), LIMIT);
    }

    /** A sealed copy, made by the snapshot role as the clone form makes it; its object id. */
    long shadow(EnrolledDatabase database, String id) {
        Command command = new Command("snapshot-" + id, 1);
        String name = database.shadowName(id);
        try (AdminSession admin =
                        AdminSession.open(VERTX, database, database.roles().snapshot(), LIMIT);
                PgSession snapshot = session(database.roles().snapshot(), "ripcord_admin")) {
            Identity identity = admin.identify();
            admin.close(command, identity, true);
            admin.endSessions(command, identity, java.util.List.of(), Duration.ofSeconds(5));
            snapshot.execute(snapshot.query(
                            "select format('create database %I template %I strategy file_copy allow_connections false', $1::text, $2::text)",
                            name, database.server().database())
                    .getFirst()
                    .getString(0));
            admin.open(command, identity);
            return snapshot.query("select oid::bigint from pg_database where datname = $1", name)
                    .getFirst()
                    .getLong(0);
        }
    }

    /** A connection of the superuser; the name goes outside the URL, for it may hold anything. */
    Connection connect(String database) throws SQLException {
        Properties login = new Properties();
        login.setProperty("user", postgres.superuser());
        login.setProperty("password", postgres.password());
        login.setProperty("PGDBNAME", database);
        return DriverManager.getConnection("jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/", login);
    }

    /** Runs statements as the superuser. */
    void execute(String database, String... statements) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String each : statements) statement.execute(each);
        }
    }

    /** One value, as the superuser sees it; "null" for none. */
    String ask(String database, String query) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            return answer.next() ? String.valueOf(answer.getString(1)) : "none";
        }
    }

    long oid(String name) throws SQLException {
        return Long.parseLong(ask("postgres", "select oid from pg_database where datname = " + quoted(name)));
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
