package dev.ripcord.verifier.server;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest;
import dev.ripcord.verifier.verification.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Opens read-only sessions in live databases, as the verifier's own role and only where they are what was enrolled. */
public final class LiveDatabases {

    private static final Duration IDENTITY_LIMIT = Duration.ofSeconds(10);
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(3);
    private static final long AGAIN_MILLIS = 100;

    /** Too many sessions, starting up, closed to sessions or renamed a moment ago: soon over. */
    private static final Set<String> PASSING = Set.of("53300", "57P03", "55000", "3D000");

    private final Vertx vertx;

    public LiveDatabases(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Looks at a live database.
     *
     * @throws RefusedException if it is not the one that was enrolled
     * @throws DatabaseFailure if its server cannot be asked
     */
    public Context look(EnrolledDatabase database, Manifest manifest, boolean content) {
        try (AdminSession admin =
                AdminSession.open(vertx, database, database.roles().verifier(), IDENTITY_LIMIT)) {
            Identity identity = admin.identify();
            Map<String, String> properties = admin.properties(identity.oid());
            return new Context(database, manifest, content, properties, limit -> open(database, identity.oid(), limit));
        }
    }

    private PgSession open(EnrolledDatabase database, long oid, Duration limit) {
        PgSession session = openPatiently(database, limit);
        try {
            session.execute("set default_transaction_read_only = on");
            long found = session.query("select oid::bigint from pg_database where datname = current_database()")
                    .getFirst()
                    .getLong(0);
            if (found == oid) return session;
            throw new RefusedException(
                    "The live database changed meanwhile: object id " + found + " instead of " + oid);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private PgSession openPatiently(EnrolledDatabase database, Duration limit) {
        long deadline = System.nanoTime() + OPENING_LIMIT.toNanos();
        while (true) {
            try {
                EnrolledDatabase.Server server = database.server();
                return PgSession.open(vertx, server, database.roles().verifier(), server.database(), limit);
            } catch (DatabaseFailure e) {
                String state = e.sqlState();
                if (state == null || !PASSING.contains(state) || System.nanoTime() > deadline) throw e;
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a session was opened", e);
        }
    }
}
