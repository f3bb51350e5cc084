package dev.ripcord.verifier;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.databases.Enrolment;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Manifest;
import dev.ripcord.verifier.server.LiveDatabases;
import dev.ripcord.verifier.verification.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/**
 * A small shop with something of everything, enrolled on a real server, and its manifest as of its making. The server no
 * longer waits for its disk then: what is tested is made again a hundred times.
 */
public final class Shop implements AutoCloseable {

    private static final String PASSWORD = "only in tests";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final DatabaseServer server = EmbeddedInfrastructure.shared().postgres();
    private final Path folder;
    private final String name;
    private final String marker;
    private final Manifest manifest;

    /** Makes and enrols one. */
    public Shop(String name) {
        this.name = name;
        try {
            folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "folders").toAbsolutePath()), "verifier-");
            Files.writeString(folder.resolve("password"), PASSWORD);
            Files.writeString(folder.resolve("root"), server.password());
            elsewhere("alter system set fsync = off");
            elsewhere("select pg_reload_conf()");
            server.createDatabase(name);
            change(resource("shop.sql"));
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
        marker = Enrolment.enrol(
                vertx,
                place("00000000-0000-0000-0000-000000000000"),
                new Role(server.superuser(), new Secret(null, folder.resolve("root"))),
                id(),
                Environment.development,
                Map.of("ripcord_verifier", PASSWORD, "ripcord_snapshot", PASSWORD, "ripcord_rollback", PASSWORD),
                false);
        manifest = noted();
    }

    /** What a snapshot of now would say, of rows that break a foreign key too. */
    public Manifest noted() {
        EnrolledDatabase database = enrolled(new Checks(null, null, null));
        try (AdminSession admin =
                        AdminSession.open(vertx, database, database.roles().verifier(), LIMIT);
                PgSession live = PgSession.open(
                        vertx, database.server(), database.roles().snapshot(), name, LIMIT)) {
            Identity identity = admin.identify();
            return ManifestReader.read(live, admin.properties(identity.oid())).with(ManifestReader.orphans(live));
        }
    }

    /** What it was when it was made. */
    public Manifest manifest() {
        return manifest;
    }

    /** Its enrolment marker. */
    public String marker() {
        return marker;
    }

    /** The files with its secrets. */
    public Path folder() {
        return folder;
    }

    /** Its enrolment, with checks of its application. */
    public EnrolledDatabase enrolled(Checks checks) {
        Role role = new Role("ripcord_verifier", new Secret(null, folder.resolve("password")));
        Role other = new Role("ripcord_snapshot", role.password());
        return new EnrolledDatabase(
                id(),
                Environment.development,
                place(marker),
                new Roles(other, other, role, null),
                new SnapshotPolicy(Form.clone, true, null, 0, 0),
                null,
                null,
                checks,
                null);
    }

    /** Looks at it as the service does, and holds it against this manifest. */
    public Context look(Checks checks, Manifest before, boolean content) {
        return new LiveDatabases(vertx).look(enrolled(checks), before, content);
    }

    /** A session of somebody else in it. */
    public Connection connect() throws SQLException {
        return server.connect(name);
    }

    /** As the superuser, in the shop's own database. */
    public void change(String sql) {
        in(name, sql);
    }

    /** Copies it as it is now; a copy that was closed is quickly made again. */
    public void keep() {
        elsewhere("create database " + name + "_kept template " + name + " strategy file_copy");
    }

    /** Puts the content and the schema back to what was kept. */
    public void restore() {
        elsewhere("drop database " + name + " with (force)");
        elsewhere("create database " + name + " template " + name + "_kept strategy file_copy");
        elsewhere("grant connect on database " + name + " to ripcord_snapshot, ripcord_rollback, ripcord_verifier");
        in(
                "ripcord_admin",
                "update ripcord.enrolment set live_oid = (select oid::bigint from pg_database where datname = database_name)"
                        + " where database_name = '" + name + "'");
    }

    private void elsewhere(String sql) {
        in("postgres", sql);
    }

    private void in(String database, String sql) {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String id() {
        return name.replace('_', '-');
    }

    private Server place(String enrolmentMarker) {
        return new Server(server.host(), server.port(), name, null, enrolmentMarker, null, null);
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = Shop.class.getResourceAsStream("/" + name)) {
            return new String(java.util.Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
