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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a method works on: the live database, or the copy of it on which it is rehearsed, and a copy of the snapshot.
 * Sessions are opened when they are asked for.
 */
public final class Ground implements AutoCloseable {

    private static final Duration EACH_STATEMENT = Duration.ofMinutes(10);
    private static final Duration STATISTICS = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final AdminSession admin;
    private final EnrolledDatabase database;
    private final Identity identity;
    private final Command command;
    private final Ask ask;
    private @Nullable PgSession live;
    private @Nullable PgSession looking;
    private @Nullable PgSession copy;
    private @Nullable String opened;
    private Trace.@Nullable Begun begun;
    private @Nullable Trace trace;

    /**
     * What is asked of a method, and with what.
     *
     * @param recorded what the migration tool's version table said at the snapshot, null for none
     * @param reading the copy of the snapshot, null where the method does not read one
     * @param stage a copy of the live database to rehearse on, null for the live database itself
     */
    public record Ask(
            Request request,
            Target target,
            @Nullable String recorded,
            @Nullable Shadow reading,
            @Nullable Shadow stage) {}

    /**
     * The ground for one rollback.
     *
     * @param admin a session that outlives this
     */
    public Ground(
            Vertx vertx, AdminSession admin, EnrolledDatabase database, Identity identity, Command command, Ask ask) {
        this.vertx = vertx;
        this.admin = admin;
        this.database = database;
        this.identity = identity;
        this.command = command;
        this.ask = ask;
    }

    public EnrolledDatabase database() {
        return database;
    }

    public Request request() {
        return ask.request();
    }

    /** The snapshot that is meant. */
    public Target target() {
        return ask.target();
    }

    /** What the migration tool's version table said at the snapshot: its name and the version; null for none. */
    public @Nullable String recordedVersion() {
        return ask.recorded();
    }

    /**
     * The session in the live database, or where it is rehearsed, as the role that acts for its owners; outside a
     * transaction.
     *
     * @throws RefusedException if there is no such role, or the database is another than the planned one
     */
    public PgSession live() {
        if (live == null) live = open();
        return live;
    }

    /** One more session beside {@link #live()}, for looking while that one acts. */
    public PgSession looking() {
        if (looking == null) looking = open();
        return looking;
    }

    private PgSession open() {
        Role role = database.roles().change();
        if (role == null) {
            throw new RefusedException("databases.yaml names no role for changes in place: ripcord enrol --in-place");
        }
        Shadow stage = ask.stage();
        if (stage != null && opened == null) {
            opened = admin.openForRehearsal(command, identity, stage.oid(), stage.seal());
        }
        String name = opened == null ? database.server().database() : opened;
        long expected = stage == null ? identity.oid() : stage.oid();
        PgSession session = PgSession.open(vertx, database.server(), role, name, EACH_STATEMENT);
        long found = session.query("select oid::bigint from pg_database where datname = current_database()")
                .getFirst()
                .getLong(0);
        if (found == expected) return session;
        session.close();
        throw new RefusedException("The database " + name + " is another than the planned one: object id " + found
                + " instead of " + expected);
    }

    /** The session in the copy of the snapshot, which nobody else can be in. */
    public PgSession copy() {
        PgSession open = copy;
        if (open != null) return open;
        Shadow reading = ask.reading();
        if (reading == null) throw new IllegalStateException("no copy was made for this method");
        String name = admin.openPrivately(command, identity, reading.oid(), reading.seal());
        PgSession session =
                PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_STATEMENT);
        copy = session;
        return session;
    }

    /**
     * What frames the transaction that changes the live database. Its beginning is noted where a crash cannot lose it; in
     * a rehearsal everything is taken back at its end, with what is checked at a commit checked before.
     */
    public Bracket bracket() {
        return new Bracket(this::begin, this::end);
    }

    private void begin(PgSession session) {
        if (ask.stage() == null) {
            String transaction = session.query("select pg_current_xact_id()::text as id")
                    .getFirst()
                    .getString(0);
            admin.beginInPlace(command, identity, session.processId(), transaction);
        }
        begun = Trace.begin(session);
    }

    private void end(PgSession session) {
        if (ask.stage() != null) session.execute("set constraints all immediate");
        if (begun != null) trace = begun.read(session);
        session.execute(ask.stage() == null ? "commit" : "rollback");
    }

    /** What the transaction meant to others; none where there was no transaction. */
    public Optional<Trace> trace() {
        return Optional.ofNullable(trace);
    }

    /** Renews the planner's statistics of what was changed; in words, for which tables. */
    public Optional<String> analyze() {
        if (trace == null || live == null || trace.written().isEmpty()) return Optional.empty();
        return Optional.of(Statistics.renew(live, trace.written(), STATISTICS));
    }

    @Override
    public void close() {
        if (live != null) live.close();
        if (looking != null) looking.close();
        if (copy != null) copy.close();
        Shadow reading = ask.reading();
        Shadow stage = ask.stage();
        try {
            if (copy != null && reading != null) admin.seal(command, identity, reading.oid());
        } finally {
            if (opened != null && stage != null) admin.endRehearsal(command, identity, stage.oid());
        }
    }
}
