package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A fresh database that an ordinary role owns, and a session of that role. */
final class Place implements AutoCloseable {

    private static final Vertx VERTX = Vertx.vertx();
    private static final AtomicInteger COUNT = new AtomicInteger();
    static final String OWNER = "down_owner";
    static final String PASSWORD = "a way back";

    final DatabaseServer server;
    final String database;
    final PgSession session;

    Place() {
        this(EmbeddedInfrastructure.shared().postgres());
    }

    Place(DatabaseServer server) {
        this(server, "down_" + COUNT.incrementAndGet());
    }

    /** One of that name, made anew. */
    Place(String database) {
        this(EmbeddedInfrastructure.shared().postgres(), database);
    }

    private Place(DatabaseServer server, String database) {
        this.server = server;
        this.database = database;
        try (PgSession superuser = open(server.superuser(), server.password(), "postgres")) {
            if (superuser
                    .query("select 1 from pg_roles where rolname = $1", OWNER)
                    .isEmpty()) {
                superuser.execute("create role " + OWNER + " login password '" + PASSWORD + "'");
            }
            superuser.execute("drop database if exists " + database);
            superuser.execute("create database " + database + " owner " + OWNER);
        }
        this.session = open();
    }

    PgSession open() {
        return open(OWNER, PASSWORD, database);
    }

    private PgSession open(String user, String password, String name) {
        try {
            Secret secret = new Secret(null, Files.writeString(Files.createTempFile("password", ""), password));
            return PgSession.open(
                    VERTX,
                    new Server(server.host(), server.port(), name, null, "", null, null),
                    new Role(user, secret),
                    name,
                    Duration.ofSeconds(30));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "jdbc:postgresql://" + server.address(database);
    }

    void sql(String sql) {
        try (PgSession other = open()) {
            other.execute("set search_path = public");
            other.execute(sql);
        }
    }

    /** The first column of a query, as text. */
    List<String> read(String query) {
        try (PgSession other = open()) {
            other.execute("set search_path = public");
            return other.query(query).stream()
                    .map(row -> String.valueOf(row.getValue(0)))
                    .toList();
        }
    }

    /** Schema and rows of everything, version tables included. */
    List<Object> everything() {
        try (PgSession other = open(server.superuser(), server.password(), database)) {
            return List.of(ManifestReader.objects(other), ManifestReader.tables(other));
        }
    }

    /** As a manifest of this moment would record it. */
    @Nullable
    String manifestVersion() {
        try (PgSession other = open(server.superuser(), server.password(), database)) {
            return ManifestReader.read(other, Map.of()).migrationVersion();
        }
    }

    /** The enrolment of a database of that name on the same server. */
    EnrolledDatabase enrolled(String name) {
        Role role = new Role(OWNER, new Secret("NOWHERE", null));
        return new EnrolledDatabase(
                name,
                EnrolledDatabase.Environment.development,
                new Server(server.host(), server.port(), name, null, "", null, null),
                new EnrolledDatabase.Roles(role, role, role, null),
                new EnrolledDatabase.SnapshotPolicy(EnrolledDatabase.Form.clone, false, null, 0, 0),
                null,
                null,
                null,
                null);
    }

    static Bundle bundle(Tool tool, Map<String, String> files) {
        return new Bundle(
                tool,
                files.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(file -> Bundle.File.of(file.getKey(), file.getValue()))
                        .toList());
    }

    @Override
    public void close() {
        session.close();
    }
}
