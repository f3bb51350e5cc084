package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.PgSession;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Watches over a session that reads for long: as soon as anybody waits for a lock of it, its statement is cancelled. Readers
 * hold up no writer, but a schema change waits for them, and every writer queues behind that one.
 */
final class Yielding implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Cancelled twice, and still in the way between two statements, the session is ended. */
    private static final String LOOK = """
            select pg_sleep(0.05)::text, pg_blocking.pid, case when pg_blocking.pid is null then false when $2 then pg_terminate_backend($1) else pg_cancel_backend($1) end as ended
              from (select (select l.pid from pg_locks l where not l.granted and $1 = any (pg_blocking_pids(l.pid)) limit 1) as pid) pg_blocking""";

    private final PgSession session;
    private final int watched;
    private final Thread thread;
    private volatile boolean open = true;

    private Yielding(PgSession session, int watched) {
        this.session = session;
        this.watched = watched;
        this.thread = Thread.ofVirtual().unstarted(this::watch);
    }

    /** Watches a session of the rollback role in the live database. */
    static Yielding over(Vertx vertx, EnrolledDatabase database, PgSession watched) {
        PgSession session = PgSession.open(
                vertx,
                database.server(),
                database.roles().rollback(),
                database.server().database(),
                LIMIT);
        Yielding yielding = new Yielding(session, watched.processId());
        yielding.thread.start();
        return yielding;
    }

    private void watch() {
        boolean again = false;
        try {
            while (open) again = session.query(LOOK, watched, again).getFirst().getBoolean("ended");
        } catch (DatabaseFailure e) {
            open = false; // it ends with the live database's sessions; what it watched over does too
        }
    }

    @Override
    public void close() {
        open = false;
        try {
            thread.join(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        session.close();
    }
}
