package dev.ripcord.verifier.verification;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

/** What the checks of one verification look at: the live database, and the manifest it is held against. */
public final class Context {

    private static final Duration SCHEMA_LIMIT = Duration.ofSeconds(30);

    private final EnrolledDatabase database;
    private final Manifest manifest;
    private final boolean content;
    private final Map<String, String> properties;
    private final Function<Duration, PgSession> live;
    private final FutureTask<List<Manifest.SchemaObject>> objects = new FutureTask<>(this::readObjects);

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

    /** A read-only session in the live database, for the caller to close. */
    public PgSession open(Duration limit) {
        return live.apply(limit);
    }

    /** The schema of the live database, read once for all checks. */
    public List<Manifest.SchemaObject> objects() {
        objects.run();
        try {
            return objects.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the schema was read", e);
        }
    }

    private List<Manifest.SchemaObject> readObjects() {
        try (PgSession session = open(SCHEMA_LIMIT)) {
            return ManifestReader.objects(session);
        }
    }
}
