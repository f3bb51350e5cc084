package dev.ripcord.snapshot.provider.clone;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.AdminSession.Pause;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.MadeDatabases;
import dev.ripcord.snapshot.provider.Proof;
import dev.ripcord.snapshot.provider.ProtectedServer;
import dev.ripcord.snapshot.provider.SchemaChanges;
import dev.ripcord.snapshot.provider.UnreadableNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Copies the live database on its own server, file by file. For that nobody may be connected: the live database is closed
 * until the copy begins, and whoever connects then waits until it is done, which is next to nothing on a file system that
 * shares blocks (PostgreSQL 18, {@code file_copy_method = clone}).
 */
public final class CloneProvider implements Provider {

    private final AdminSessions sessions;

    public CloneProvider(AdminSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Form form() {
        return Form.clone;
    }

    @Override
    public Take take(Order order) {
        long began = System.nanoTime();
        EnrolledDatabase database = order.database();
        String name = database.snapshotName(order.snapshot());
        Command command = new Command(order.snapshot(), order.fence());
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            AdminSession admin = server.admin();
            Identity identity = server.identity();
            MadeDatabases.Look look = server.made().look(name, identity.oid());
            admin.prepareToCopy();
            Map<String, String> properties = new TreeMap<>();
            Attempt attempt = new Attempt(database, admin, server.made(), identity, command, name, properties);
            Outcome outcome = look.there() ? found(attempt, look) : copy(attempt, look);
            long millis = (System.nanoTime() - began) / 1_000_000;
            return switch (outcome) {
                case NotCopied not -> {
                    admin.open(command, identity);
                    yield not.refusal();
                }
                case Copied copied -> {
                    Optional<Refusal> unreadable = UnreadableNames.possible(properties)
                            ? server.made().read(name, UnreadableNames::refusal)
                            : Optional.empty();
                    if (unreadable.isPresent()) yield unreadable.get();
                    Taken taken = new Taken(
                            copied.pause().from(),
                            copied.bytes(),
                            millis,
                            copied.pause().length().toMillis(),
                            properties);
                    yield look.there() ? new Found(taken) : taken;
                }
            };
        }
    }

    private sealed interface Outcome {}

    private record Copied(Pause pause, long bytes) implements Outcome {}

    private record NotCopied(Refusal refusal) implements Outcome {}

    /** An earlier attempt made the copy, and may have left the live database closed. */
    private static Copied found(Attempt attempt, MadeDatabases.Look look) {
        look.claimed();
        // not what they are now, unless nothing was noted: as long as the gate is shut no migration has changed them
        attempt.properties().putAll(attempt.admin().notedProperties(attempt.command(), attempt.identity()));
        if (attempt.properties().isEmpty()) attempt.note();
        Pause pause = attempt.admin().openAfterPause(attempt.command(), attempt.identity());
        return new Copied(pause, attempt.made().bytes(attempt.name()));
    }

    /** One attempt at a copy; the properties of the live database are noted while it is made. */
    private record Attempt(
            EnrolledDatabase database,
            AdminSession admin,
            MadeDatabases made,
            Identity identity,
            Command command,
            String name,
            Map<String, String> properties) {

        void note() {
            properties.putAll(admin.noteProperties(command, identity));
        }

        /** The copy has begun: who connects waits for it. */
        void begun() {
            admin.letWaitFor(command, identity, name);
            note();
        }
    }

    private static Outcome copy(Attempt attempt, MadeDatabases.Look look) {
        // while the other session waits for its claim to be written
        Optional<Refusal> notNow = SchemaChanges.awaitNone(attempt.admin(), attempt.identity());
        look.claimed();
        if (notNow.isEmpty()) notNow = look.unfit();
        if (notNow.isEmpty()) notNow = sessionsInTheWay(attempt);
        if (notNow.isPresent()) return new NotCopied(notNow.get());
        boolean atOnce = attempt.database().snapshot().endSessions()
                && attempt.admin().closeForCopy(attempt.command(), attempt.identity());
        if (!atOnce) attempt.admin().close(attempt.command(), attempt.identity(), true);
        boolean copied = false;
        try {
            if (!atOnce) notNow = empty(attempt);
            if (notNow.isPresent()) return new NotCopied(notNow.get());
            Waiting waiting = new Waiting(attempt.database(), attempt.admin(), attempt.command(), attempt.identity());
            long bytes = attempt.made()
                    .copy(attempt.database().server().database(), attempt.name(), attempt::begun, waiting::endSome);
            copied = true;
            return new Copied(attempt.admin().openAfterPause(attempt.command(), attempt.identity()), bytes);
        } catch (DatabaseFailure e) {
            // no answer: nobody knows what became of it, the next attempt looks; an answer: not a second pause for the
            // same
            if (e.sqlState() == null || e.sqlState().startsWith("RC")) throw e;
            return new NotCopied(
                    new Refusal("the copy failed: " + e.getMessage(), "remove the cause on the server and ask again"));
        } finally {
            if (!copied) attempt.admin().open(attempt.command(), attempt.identity());
        }
    }

    /** Leaves nobody in the closed database. */
    private static Optional<Refusal> empty(Attempt attempt) {
        Optional<Refusal> blocked = SchemaChanges.none(attempt.admin(), attempt.identity());
        if (blocked.isPresent()) return blocked;
        Optional<Refusal> sessions = sessionsInTheWay(attempt);
        if (sessions.isPresent()) return sessions;
        if (attempt.database().snapshot().endSessions()) {
            List<String> left = attempt.admin()
                    .endSessions(
                            attempt.command(),
                            attempt.identity(),
                            List.of(),
                            attempt.database().rollback().fenceLimit());
            if (!left.isEmpty()) {
                return Optional.of(new Refusal(
                        "sessions did not end: " + String.join("; ", left), "end them on the server and ask again"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> sessionsInTheWay(Attempt attempt) {
        if (attempt.database().snapshot().endSessions()) return Optional.empty();
        long sessions = attempt.made().sessions(attempt.identity().oid());
        if (sessions == 0) return Optional.empty();
        return Optional.of(new Refusal(
                sessions + " sessions are connected, and the policy does not allow to end them",
                "set snapshot.endSessions: true for " + attempt.database().id()
                        + ", or use snapshot.form: archive, or disconnect the application first"));
    }

    @Override
    public Manifest manifest(Order order, Taken taken) {
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            // an archive with such rows cannot be restored: their foreign key is made anew
            return server.made()
                    .read(
                            order.database().snapshotName(order.snapshot()),
                            inside -> ManifestReader.read(inside, taken.properties())
                                    .with(ManifestReader.orphans(inside))
                                    .at(taken.takenAt()));
        }
    }

    @Override
    public Restoration restore(Order order, Manifest manifest, String shadow, Progress progress) {
        EnrolledDatabase database = order.database();
        String name = database.shadowName(shadow);
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            server.made().drop(name);
            progress.is("restoring");
            server.made().copy(database.snapshotName(order.snapshot()), name);
            progress.is("comparing");
            return Proof.of(server, manifest, name);
        }
    }

    @Override
    public void discard(Order order, String shadow) {
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            server.made().drop(order.database().shadowName(shadow));
        }
    }

    @Override
    public void drop(Order order, Shadow shadow) {
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            server.drop(shadow);
        }
    }

    @Override
    public void delete(Order order, Optional<String> shadow) {
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            if (shadow.isPresent()) {
                server.admin().open(new Command(order.snapshot(), order.fence()), server.identity());
                server.made().drop(order.database().shadowName(shadow.get()));
            }
            server.made().drop(order.database().snapshotName(order.snapshot()));
        }
    }
}
