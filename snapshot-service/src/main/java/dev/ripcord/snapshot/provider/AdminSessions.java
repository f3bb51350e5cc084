package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The snapshot role's sessions in the admin databases. Each takes several exchanges to open, and a migration waits: those
 * that a gate will need are opened while its question is still being recorded.
 */
public final class AdminSessions {

    /** As many as one snapshot needs. */
    private static final int NEEDED = 2;

    /** Who did not come for one by then will not come. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final Map<Server, Queue<FutureTask<PgSession>>> ahead = new ConcurrentHashMap<>();

    public AdminSessions(Vertx vertx) {
        this.vertx = vertx;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** A snapshot of this database is about to be taken: opens what it needs in the background. */
    public void expect(EnrolledDatabase database) {
        Queue<FutureTask<PgSession>> sessions =
                ahead.computeIfAbsent(database.server(), server -> new ConcurrentLinkedQueue<>());
        for (int i = sessions.size(); i < NEEDED; i++) {
            FutureTask<PgSession> opening = opening(database);
            sessions.add(opening);
            vertx.timer(KEPT.toSeconds(), TimeUnit.SECONDS).onSuccess(late -> {
                if (sessions.remove(opening)) closeUnused(opening);
            });
        }
    }

    /**
     * One of those that were opened ahead, else a new one; each statement is limited as the policy says.
     *
     * @throws dev.ripcord.databases.DatabaseFailure if the server cannot be reached or refuses
     */
    PgSession open(EnrolledDatabase database) {
        return opened(begin(database));
    }

    /** The same, without waiting until it is open. */
    FutureTask<PgSession> begin(EnrolledDatabase database) {
        Queue<FutureTask<PgSession>> sessions = ahead.get(database.server());
        FutureTask<PgSession> ready = sessions == null ? null : sessions.poll();
        return ready == null ? opening(database) : ready;
    }

    private FutureTask<PgSession> opening(EnrolledDatabase database) {
        FutureTask<PgSession> opening = new FutureTask<>(() -> PgSession.open(
                vertx,
                database.server(),
                database.roles().snapshot(),
                database.server().adminDatabase(),
                database.snapshot().limit()));
        Thread.startVirtualThread(opening);
        return opening;
    }

    static PgSession opened(FutureTask<PgSession> opening) {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a session was opened", e);
        }
    }

    static void closeUnused(FutureTask<PgSession> opening) {
        Thread.startVirtualThread(() -> {
            try {
                opened(opening).close();
            } catch (RuntimeException e) {
                // it was not opened: nothing to close
            }
        });
    }
}
