package dev.ripcord.rollback.method;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.postgresql.PGProperty;

/** An enrolled database on a real server, a snapshot of it in clone form, and its sealed shadow. */
public final class Protected implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PASSWORD = "secret-of-a-test";
    private static final Map<Integer, EmbeddedPostgres> SERVERS = new HashMap<>();
    private static final AtomicInteger NAMES = new AtomicInteger();

    public final Vertx vertx = Vertx.vertx();
    public final EnrolledDatabase database;
    public final AdminSession admin;
    public final Identity identity;
    private final EmbeddedPostgres postgres;
    private final String name = "live" + NAMES.incrementAndGet();
    public Manifest manifest;
    public Shadow shadow;

    private Protected(int major, String schema, boolean inPlace, UnaryOperator<EnrolledDatabase> configured)
            throws IOException {
        postgres = server(major);
        execute("postgres", "create database " + name + (inPlace ? " owner shop_owner" : ""));
        execute(inPlace ? "set role shop_owner; " + schema : schema);
        Path password = Files.writeString(Files.createTempFile("password", ""), PASSWORD);
        Server unmarked = new Server(postgres.host(), postgres.port(), name, null, "", null, null);
        String marker = Enrolment.enrol(
                vertx,
                unmarked,
                superuser(),
                name,
                Environment.production,
                Map.of(
                        "ripcord_snapshot",
                        PASSWORD,
                        "ripcord_rollback",
                        PASSWORD,
                        "ripcord_verifier",
                        PASSWORD,
                        "ripcord_change",
                        PASSWORD),
                false,
                inPlace);
        Role rollback = new Role("ripcord_rollback", new Secret(null, password));
        Role change = new Role("ripcord_change", new Secret(null, password));
        database = configured.apply(new EnrolledDatabase(
                name,
                Environment.production,
                new Server(postgres.host(), postgres.port(), name, null, marker, null, null),
                new Roles(
                        new Role("ripcord_snapshot", new Secret(null, password)),
                        rollback,
                        rollback,
                        null,
                        inPlace ? change : null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, true, null, 0, 0),
                null,
                null,
                null,
                null));
        admin = AdminSession.open(vertx, database, rollback, LIMIT);
        identity = admin.identify();
        takeSnapshot();
    }

    public static Protected of(int major, String schema) {
        return of(major, schema, false, UnaryOperator.identity());
    }

    /** That may be changed where it stands; all in it belongs to an ordinary role. */
    public static Protected inPlace(int major, String schema, UnaryOperator<EnrolledDatabase> configured) {
        return of(major, schema, true, configured);
    }

    private static Protected of(int major, String schema, boolean inPlace, UnaryOperator<EnrolledDatabase> configured) {
        try {
            return new Protected(major, schema, inPlace, configured);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres server(int major) {
        synchronized (SERVERS) {
            return SERVERS.computeIfAbsent(major, each -> {
                try {
                    EmbeddedPostgres started = EmbeddedPostgres.start(
                            Files.createTempDirectory("ripcord-plan-"),
                            each,
                            0,
                            Map.of("fsync", "off", "wal_level", "logical", "max_prepared_transactions", "5"));
                    Runtime.getRuntime().addShutdownHook(new Thread(started::kill));
                    makeOwner(started);
                    return started;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static void makeOwner(EmbeddedPostgres postgres) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/postgres",
                        postgres.superuser(),
                        postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create role shop_owner");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the snapshot service does it: closed, copied, opened; then a shadow that nobody was in. */
    private void takeSnapshot() {
        try (PgSession session = session(name);
                AdminSession maker =
                        AdminSession.open(vertx, database, database.roles().snapshot(), LIMIT)) {
            manifest =
                    ManifestReader.read(session, maker.noteProperties(new AdminSession.Command("noted", 1), identity));
        }
        Command command = new Command("s1", 1);
        admin.close(command, identity, true);
        execute("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
        String snapshot = database.snapshotName("s1");
        execute("postgres", "create database " + snapshot + " template " + name + " strategy file_copy");
        admin.open(command, identity);
        shadow = copyOf(snapshot, database.shadowName("s1"));
    }

    /** A sealed copy of the database as it is now, as it is made before it is changed where it stands. */
    public Shadow stage() {
        return copyOf(name, database.shadowName("stage" + NAMES.incrementAndGet()));
    }

    private Shadow copyOf(String source, String copy) {
        execute(
                "postgres",
                "create database " + copy + " template " + source
                        + " strategy file_copy allow_connections false owner ripcord_snapshot");
        try (PgSession session = session("postgres")) {
            Row row = session.query("select oid::bigint, xmin::text from pg_database where datname = $1", copy)
                    .getFirst();
            return new Shadow(copy, row.getLong(0), row.getString(1), identity.systemIdentifier());
        }
    }

    /** What happens since the snapshot, by a superuser whose path is {@code public}. */
    public void execute(String sql) {
        try (PgSession session = session()) {
            session.execute(sql);
        }
    }

    public void execute(String in, String sql) {
        try (PgSession session = session(in)) {
            session.execute(sql);
        }
    }

    public String ask(String query) {
        try (PgSession session = session(name)) {
            return String.valueOf(session.query(query).getFirst().getValue(0));
        }
    }

    public PgSession session(String in) {
        try {
            Server server = new Server(postgres.host(), postgres.port(), in, null, "", null, null);
            return PgSession.open(vertx, server, superuser(), in, LIMIT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PgSession session() {
        PgSession session = session(name);
        session.execute("set search_path = public");
        return session;
    }

    /** A connection that may read the log as a standby does. */
    public Connection replicating() throws SQLException {
        Properties login = new Properties();
        PGProperty.USER.set(login, postgres.superuser());
        PGProperty.PASSWORD.set(login, postgres.password());
        PGProperty.REPLICATION.set(login, "true");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(login, "15");
        PGProperty.PREFER_QUERY_MODE.set(login, "simple");
        PGProperty.APPLICATION_NAME.set(login, "a standby of the test");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/" + name, login);
    }

    public String name() {
        return name;
    }

    private Role superuser() throws IOException {
        Path password = Files.writeString(Files.createTempFile("password", ""), postgres.password());
        return new Role(postgres.superuser(), new Secret(null, password));
    }

    @Override
    public void close() {
        admin.close();
        vertx.close();
    }
}
