package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Secret;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.rollback.method.FreshServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A live database and the copy made of it before the migration. */
final class Pair implements AutoCloseable {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Map<Integer, Before> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A server with the state before; its sessions stay open, for a new one has to learn the catalogue first. */
    private record Before(EmbeddedPostgres server, PgSession admin, PgSession copy, PgSession restored) {}

    final EmbeddedPostgres server;
    final String name;
    final PgSession live;
    final PgSession copy;
    private final PgSession admin;

    private Pair(int major, boolean restored) {
        Before before = SERVERS.computeIfAbsent(major, Pair::start);
        server = before.server();
        admin = before.admin();
        copy = restored ? before.restored() : before.copy();
        name = "schema" + COUNT.incrementAndGet();
        admin.execute("create database " + name + " template before");
        live = open(server, name);
    }

    static Pair of(int major) {
        return new Pair(major, false);
    }

    /** With a copy that was restored from an archive: nothing in it has its object id. */
    static Pair restored(int major) {
        return new Pair(major, true);
    }

    PgSession another() {
        return open(server, name);
    }

    PgSession as(String role) {
        PgSession session = another();
        session.execute("set session authorization " + role);
        return session;
    }

    void migrate(String sql) {
        live.execute("set search_path = public; set row_security = on");
        for (String each : sql.split(";;")) live.execute(each);
        live.execute("reset search_path; reset row_security; reset role");
    }

    String ask(String query) {
        return String.valueOf(live.query(query).getFirst().getValue(0));
    }

    @Override
    public void close() {
        live.close();
        admin.execute("drop database " + name + " with (force)");
    }

    private static PgSession open(EmbeddedPostgres server, String database) {
        try {
            Path password = Files.writeString(server.dataFolder().resolve("superuser"), server.password());
            Server place = new Server(server.host(), server.port(), database, null, "", null, null);
            Role role = new Role(server.superuser(), new Secret(null, password));
            return PgSession.open(VERTX, place, role, database, Duration.ofSeconds(30));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Before start(int major) {
        EmbeddedPostgres started = FreshServer.start(major);
        PgSession admin = open(started, "postgres");
        admin.execute("create role ripcord_clerk");
        admin.execute("create role ripcord_keeper");
        fill(started, admin, "before");
        fill(started, admin, "restored");
        admin.execute("create database before_copy template before"); // nobody writes to it
        return new Before(started, admin, open(started, "before_copy"), open(started, "restored"));
    }

    private static void fill(EmbeddedPostgres started, PgSession admin, String database) {
        admin.execute("create database " + database);
        try (PgSession before = open(started, database)) {
            before.execute("set search_path = public; set row_security = on");
            before.execute(Structure.resource("before.sql"));
            if (started.major() >= 18) before.execute(Structure.resource("before-18.sql"));
        }
    }
}
