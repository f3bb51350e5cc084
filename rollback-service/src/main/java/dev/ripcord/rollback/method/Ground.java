package dev.ripcord.rollback.method;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.Target;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a method works on: the live database, and a copy of the snapshot; sessions are opened when they are asked for. */
public final class Ground implements AutoCloseable {

    private static final Duration EACH_STATEMENT = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final AdminSession admin;
    private final EnrolledDatabase database;
    private final Request request;
    private final Target target;
    private final Identity identity;
    private final Command command;
    private final @Nullable Shadow reading;
    private @Nullable PgSession live;
    private @Nullable PgSession copy;

    /**
     * The ground for one rollback.
     *
     * @param admin a session that outlives this
     * @param reading the copy, null where the method does not read one
     */
    public Ground(
            Vertx vertx,
            AdminSession admin,
            EnrolledDatabase database,
            Request request,
            Target target,
            Identity identity,
            Command command,
            @Nullable Shadow reading) {
        this.vertx = vertx;
        this.admin = admin;
        this.database = database;
        this.request = request;
        this.target = target;
        this.identity = identity;
        this.command = command;
        this.reading = reading;
    }

    public EnrolledDatabase database() {
        return database;
    }

    public Request request() {
        return request;
    }

    /** The snapshot that is meant. */
    public Target target() {
        return target;
    }

    /**
     * The session in the live database, as the role that acts for its owners; outside a transaction.
     *
     * @throws RefusedException if there is no such role, or the database is another than the planned one
     */
    public PgSession live() {
        PgSession open = live;
        if (open != null) return open;
        Role role = database.roles().change();
        if (role == null) {
            throw new RefusedException("databases.yaml names no role for changes in place: ripcord enrol --in-place");
        }
        PgSession session =
                PgSession.open(vertx, database.server(), role, database.server().database(), EACH_STATEMENT);
        live = session;
        long found = session.query("select oid::bigint from pg_database where datname = current_database()")
                .getFirst()
                .getLong(0);
        if (found != identity.oid()) {
            throw new RefusedException("The live database is another than the planned one: object id " + found
                    + " instead of " + identity.oid());
        }
        return session;
    }

    /** The session in the copy, which nobody else can be in. */
    public PgSession copy() {
        PgSession open = copy;
        if (open != null) return open;
        if (reading == null) throw new IllegalStateException("no copy was made for this method");
        String name = admin.openPrivately(command, identity, reading.oid(), reading.seal());
        PgSession session =
                PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_STATEMENT);
        copy = session;
        return session;
    }

    /** To be called first in the transaction that changes the live database: notes it where a crash cannot lose it. */
    public void begin(PgSession session) {
        String transaction = session.query("select pg_current_xact_id()::text as id")
                .getFirst()
                .getString(0);
        admin.beginInPlace(command, identity, session.processId(), transaction);
    }

    @Override
    public void close() {
        if (live != null) live.close();
        if (copy == null || reading == null) return;
        copy.close();
        admin.seal(command, identity, reading.oid());
    }
}
