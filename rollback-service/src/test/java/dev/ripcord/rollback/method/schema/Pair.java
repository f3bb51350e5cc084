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
    private static final Map<Integer, EmbeddedPostgres> SERVERS = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();

    final EmbeddedPostgres server;
    final String name;
    final PgSession live;
    final PgSession copy;

    private Pair(int major) {
        server = server(major);
        name = "schema" + COUNT.incrementAndGet();
        try (PgSession admin = open(server, "postgres")) {
            admin.execute("create database " + name + " template before");
        }
        live = open(server, name);
        copy = open(server, "before_copy");
    }

    static Pair of(int major) {
        return new Pair(major);
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
        copy.close();
        try (PgSession admin = open(server, "postgres")) {
            admin.execute("drop database " + name + " with (force)");
        }
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

    private static EmbeddedPostgres server(int major) {
        return SERVERS.computeIfAbsent(major, each -> {
            EmbeddedPostgres started = FreshServer.start(each);
            try (PgSession admin = open(started, "postgres")) {
                admin.execute("create role ripcord_clerk");
                admin.execute("create role ripcord_keeper");
                admin.execute("create database before");
            }
            try (PgSession before = open(started, "before")) {
                before.execute("set search_path = public; set row_security = on");
                before.execute(Structure.resource("before.sql"));
            }
            try (PgSession admin = open(started, "postgres")) {
                admin.execute("create database before_copy template before"); // nobody writes to it
            }
            return started;
        });
    }
}
