package dev.ripcord.verifier.verification;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.Schema;
import dev.ripcord.events.Manifest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of one verification look at: the live database, and the manifest it is held against. Short questions are
 * asked one after another in one session, because the application is coming back at the same moment.
 */
public final class Context implements AutoCloseable {

    private static final Duration SHORT = Duration.ofSeconds(60);

    private final EnrolledDatabase database;
    private final Manifest manifest;
    private final boolean content;
    private final Map<String, String> properties;
    private final Function<Duration, PgSession> live;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable PgSession shared;
    private volatile boolean closed;
    private final FutureTask<Schema> schema = new FutureTask<>(() -> ask(ManifestReader::schema));

    /**
     * The context of one verification.
     *
     * @param content whether rows are compared too
     * @param properties of the live database itself, as they are now
     * @param live opens a session in the live database whose statements last no longer than the given limit
     */
    public Context(
            EnrolledDatabase database,
            Manifest manifest,
            boolean content,
            Map<String, String> properties,
            Function<Duration, PgSession> live) {
        this.database = database;
        this.manifest = manifest;
        this.content = content;
        this.properties = Map.copyOf(properties);
        this.live = live;
    }

    public EnrolledDatabase database() {
        return database;
    }

    /** What the database should be. */
    public Manifest manifest() {
        return manifest;
    }

    /** Whether rows are compared too: only where nobody writes. */
    public boolean content() {
        return content;
    }

    /** Owner, grants, settings and the like of the live database, as they are now. */
    public Map<String, String> properties() {
        return properties;
    }

    /** Asks something short in the read-only session that the checks share, when it is their turn. */
    public <T> T ask(Function<PgSession, T> question) {
        try {
            turn.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while others asked", e);
        }
        try {
            if (closed) throw new IllegalStateException("the verification is over");
            PgSession session = shared == null ? open(SHORT) : shared;
            // what failed in it may have left it in a transaction
            shared = null;
            try {
                T answer = question.apply(session);
                if (!closed) shared = session;
                return answer;
            } finally {
                if (shared == null) session.close();
            }
        } finally {
            turn.unlock();
        }
    }

    /** A read-only session of its own in the live database, for a check that reads long; the caller closes it. */
    public PgSession open(Duration limit) {
        return live.apply(limit);
    }

    /** The schema of the live database, read once for all checks. */
    public Schema schema() {
        schema.run();
        try {
            return schema.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the schema was read", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        // a check that has not come back in time still has its turn: it closes the session itself
        if (!turn.tryLock()) return;
        try {
            if (shared != null) shared.close();
        } finally {
            turn.unlock();
        }
    }
}
