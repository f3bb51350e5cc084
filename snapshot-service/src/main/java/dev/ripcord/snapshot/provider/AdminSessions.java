package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot role's sessions in the admin databases. To open one takes several exchanges and much reckoning for the
 * password, and a migration waits: where there was a gate once, those that the next one needs are kept open.
 */
public final class AdminSessions {

    /** As many as one snapshot needs. */
    private static final int NEEDED = 2;

    private static final Duration LOOKED_AFTER_EVERY = Duration.ofSeconds(5);

    /**
     * None is handed out that is older by much: behind a name or a proxy there may be another server by now, and of a
     * connection that is cut half-way nobody hears.
     */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final Map<Place, Kept> places = new ConcurrentHashMap<>();
    private final AtomicBoolean lookedAfter = new AtomicBoolean();
    private final ReentrantLock looking = new ReentrantLock();

    /** An admin database as one role sees it; all the databases of its server share it. */
    private record Place(Server server, Role role) {
        static Place of(EnrolledDatabase database) {
            Server server = database.server();
            return new Place(
                    new Server(
                            server.host(),
                            server.port(),
                            server.adminDatabase(),
                            server.adminDatabase(),
                            "",
                            server.tls(),
                            server.ca()),
                    database.roles().snapshot());
        }
    }

    /**
     * Those that are open there.
     *
     * @param database that was expected first: its policy limits their statements
     */
    private record Kept(EnrolledDatabase database, Queue<Spare> spares) {

        Duration limit() {
            return database.snapshot().limit();
        }

        void drop() {
            for (Spare spare = spares.poll(); spare != null; spare = spares.poll()) closeUnused(spare.opening());
        }
    }

    /** One that nobody uses. */
    private record Spare(FutureTask<PgSession> opening, Instant since) {

        boolean failed() {
            return opening.state() == Future.State.FAILED;
        }

        boolean ended() {
            return opening.state() == Future.State.SUCCESS
                    && opening.resultNow().ended();
        }

        /** A server that refused is not asked again before either. */
        boolean old() {
            return since.plus(KEPT).isBefore(Instant.now());
        }
    }

    public AdminSessions(Vertx vertx) {
        this.vertx = vertx;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** A snapshot of this database is about to be taken: opens in the background what it needs and is not open. */
    public void expect(EnrolledDatabase database) {
        places.compute(Place.of(database), (place, kept) -> filled(place, limited(database, kept), opened -> {}));
        if (lookedAfter.compareAndSet(false, true)) {
            vertx.setPeriodic(LOOKED_AFTER_EVERY.toMillis(), _ -> Thread.startVirtualThread(this::lookAfter));
        }
    }

    /** The role has few: those for a database with another limit give way. */
    private static Kept limited(EnrolledDatabase database, @Nullable Kept kept) {
        Duration limit = database.snapshot().limit();
        if (kept != null && kept.limit().equals(limit)) return kept;
        if (kept != null) kept.drop();
        return new Kept(database, new ConcurrentLinkedQueue<>());
    }

    private Kept filled(Place place, Kept kept, Consumer<PgSession> then) {
        for (int i = kept.spares().size(); i < NEEDED; i++) {
            kept.spares().add(new Spare(opening(place, kept.limit(), then), Instant.now()));
        }
        return kept;
    }

    /** What has ended or is old is replaced. */
    private void lookAfter() {
        if (!looking.tryLock()) return;
        try {
            places.forEach((place, kept) -> {
                for (int i = kept.spares().size(); i > 0; i--) {
                    Spare spare = kept.spares().poll();
                    if (spare == null) continue;
                    if (spare.ended() || spare.old()) closeUnused(spare.opening());
                    else kept.spares().add(spare);
                }
                Kept now = places.computeIfPresent(
                        place,
                        (_, current) -> current.equals(kept)
                                ? filled(place, kept, opened -> warm(opened, kept.database()))
                                : current);
                if (!kept.equals(now)) kept.drop();
            });
        } finally {
            looking.unlock();
        }
    }

    /** What a session's first statements of a kind cost the server is spent before somebody waits for them. */
    private static void warm(PgSession session, EnrolledDatabase database) {
        AdminSession admin = AdminSession.over(session, database);
        try {
            admin.prepareToCopy();
            MadeDatabases.prepare(session);
            admin.blockers(admin.identify());
        } catch (DatabaseFailure | RefusedException e) {
            // whoever uses it hears of it
        }
    }

    /**
     * One that is kept, else a new one; each statement is limited as the policy says.
     *
     * @throws dev.ripcord.databases.DatabaseFailure if the server cannot be reached or refuses
     */
    PgSession open(EnrolledDatabase database) {
        return opened(begin(database));
    }

    /** The same, without waiting until it is open. */
    FutureTask<PgSession> begin(EnrolledDatabase database) {
        Place place = Place.of(database);
        Duration limit = database.snapshot().limit();
        Kept kept = places.get(place);
        if (kept != null && kept.limit().equals(limit)) {
            for (Spare spare = kept.spares().poll();
                    spare != null;
                    spare = kept.spares().poll()) {
                if (!spare.ended() && !spare.failed()) return spare.opening();
            }
        }
        return opening(place, limit, opened -> {});
    }

    private FutureTask<PgSession> opening(Place place, Duration limit, Consumer<PgSession> then) {
        FutureTask<PgSession> opening = new FutureTask<>(() -> {
            PgSession opened = PgSession.open(
                    vertx, place.server(), place.role(), place.server().adminDatabase(), limit);
            then.accept(opened);
            return opened;
        });
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
