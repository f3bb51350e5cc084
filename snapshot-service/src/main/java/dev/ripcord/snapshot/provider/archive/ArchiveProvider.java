package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Blockers;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Provider;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.ProtectedServer;
import dev.ripcord.snapshot.provider.SchemaChanges;
import dev.ripcord.snapshot.provider.UnreadableNames;
import dev.ripcord.snapshot.provider.archive.ClientProcess.FailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Archives of pg_dump in a store. The application goes on meanwhile: the archive and its manifest are of one moment, which
 * is held by a session of ours.
 */
public final class ArchiveProvider implements Provider {

    private static final int MOST_NAMED = 5;

    private static final String ASK_AGAIN = "remove the cause and ask again";

    private static final Logger LOG = Logger.getLogger(ArchiveProvider.class);

    private final AdminSessions sessions;

    public ArchiveProvider(AdminSessions sessions) {
        PasswordFile.removeLeftBehind();
        this.sessions = sessions;
    }

    @Override
    public Form form() {
        return Form.archive;
    }

    @Override
    public Take take(Order order) {
        long began = System.nanoTime();
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            Optional<Taken> done = store(order).taken(order.snapshot());
            // of an archive that is there, what was noted then counts: its migration may have begun
            Map<String, String> properties =
                    done.isPresent() ? Map.of() : server.admin().noteProperties(command(order), server.identity());
            // who had this before and is stopped has every table locked, which the migration would wait for
            server.admin().endEarlier(command(order), server.identity());
            if (done.isPresent()) return new Found(done.get());
            Optional<Programs> programs = Programs.fitting(major(server));
            if (programs.isEmpty()) return noPrograms(major(server));
            programs.get().warning().ifPresent(LOG::warn);
            Optional<Refusal> notNow =
                    server.made().unfit(server.identity().oid(), false).stream().findFirst();
            if (notNow.isEmpty()) notNow = SchemaChanges.awaitNone(server.admin(), server.identity());
            if (notNow.isEmpty() && UnreadableNames.possible(properties)) notNow = unreadable(order.database());
            if (notNow.isPresent()) return notNow.get();
            Optional<HeldMoment> held = HeldMoment.of(sessions.vertx(), order.database(), command(order));
            if (held.isEmpty()) {
                return SchemaChanges.refusal(server.admin().blockers(server.identity()));
            }
            try (HeldMoment moment = held.get()) {
                server.admin().requireNewest(command(order));
                List<String> invalid = moment.invalidIndexes();
                if (!invalid.isEmpty()) return leftOut(invalid);
                List<String> half = moment.halfDetached();
                if (!half.isEmpty()) return halfDetached(half);
                Role restorer = order.database().roles().restore();
                if (restorer != null) {
                    List<String> others = moment.outOfReach(restorer.user());
                    if (!others.isEmpty()) return ofOthers(restorer, others);
                    List<String> rights = moment.rightsOutOfReach(restorer.user());
                    if (!rights.isEmpty()) return ofExtensions(restorer, rights);
                    Optional<Refusal> beyond = ForSuperusers.refusal(moment.session(), restorer);
                    if (beyond.isPresent()) return beyond.get();
                }
                return dump(order, programs.get(), moment, properties, began);
            } catch (FailedException e) {
                store(order).abandon(order.snapshot(), order.fence());
                return new Refusal(String.valueOf(e.getMessage()), ASK_AGAIN);
            }
        }
    }

    private Optional<Refusal> unreadable(EnrolledDatabase database) {
        try (PgSession session = PgSession.open(
                sessions.vertx(),
                database.server(),
                database.roles().snapshot(),
                database.server().database(),
                database.snapshot().limit())) {
            return UnreadableNames.refusal(session);
        }
    }

    private Take dump(Order order, Programs programs, HeldMoment moment, Map<String, String> properties, long began)
            throws FailedException {
        EnrolledDatabase database = order.database();
        FolderStore store = store(order);
        Path archive = store.begin(order.snapshot(), order.fence());
        Manifest manifest;
        List<Manifest.SchemaObject> extensions;
        try (ClientProcess dump = ClientProcess.connected(
                programs.dump(),
                database,
                database.roles().snapshot(),
                database.server().database(),
                command(order).session(),
                List.of(
                        "--format=directory",
                        "--jobs=2",
                        "--compress=1",
                        "--snapshot=" + moment.id(),
                        "--encoding=" + moment.encoding(),
                        "--lock-wait-timeout=" + Blockers.PATIENCE.toMillis(),
                        "--file=" + archive))) {
            manifest = ManifestReader.readHeld(moment.session(), properties);
            extensions = ExtensionContents.of(moment.session());
            dump.await();
        }
        Contents contents = Contents.of(programs, archive, database.snapshot().limit());
        List<String> missing = contents.missing(moment.tables());
        if (!missing.isEmpty()) throw new FailedException("the archive lacks " + String.join(", ", missing));
        Manifest complete = with(
                manifest,
                moment.at(),
                contents.sequences(manifest.sequences(), moment::text),
                FolderStore.files(archive));
        store.complete(order.snapshot(), order.fence(), complete, new Noted(ManifestReader.READING, extensions));
        long millis = (System.nanoTime() - began) / 1_000_000;
        Taken taken = store.taken(order.snapshot()).orElseThrow();
        return new Taken(taken.takenAt(), taken.bytes(), millis, 0, taken.properties());
    }

    private static Manifest with(
            Manifest manifest, Instant at, List<Manifest.Sequence> sequences, List<Manifest.File> files) {
        return new Manifest(
                manifest.systemIdentifier(),
                manifest.serverVersion(),
                manifest.databaseName(),
                at,
                manifest.schemaFingerprint(),
                manifest.tables(),
                manifest.objects(),
                sequences,
                manifest.properties(),
                manifest.migrationVersion(),
                files);
    }

    @Override
    public Manifest manifest(Order order, Taken taken) {
        return store(order).manifest(order.snapshot());
    }

    @Override
    public Restoration restore(Order order, Manifest manifest, String shadow, Progress progress) {
        try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
            if (order.elsewhere()) {
                Optional<Refusal> unfit = unfit(server, order, manifest);
                if (unfit.isPresent()) return unfit.get();
            }
            progress.is("checking");
            List<String> damages = store(order).damages(order.snapshot(), manifest);
            if (!damages.isEmpty()) {
                return new Refusal(
                        "the archive is damaged: " + String.join("; ", damages),
                        "take another snapshot, do not use this one");
            }
            Optional<Programs> programs = Programs.fitting(major(server));
            if (programs.isEmpty()) return noPrograms(major(server));
            programs.get().warning().ifPresent(LOG::warn);
            Optional<Noted> noted = store(order).noted(order.snapshot());
            Restoration made = new ArchiveRestore(
                            sessions.vertx(),
                            server,
                            programs.get(),
                            order.database(),
                            order.elsewhere(),
                            store(order).archive(order.snapshot()),
                            manifest,
                            noted.filter(known -> !order.elsewhere()).map(Noted::extensions),
                            progress,
                            System.nanoTime()
                                    + order.database().snapshot().limit().toNanos())
                    .into(order.database().shadowName(shadow));
            boolean readAlike = noted.filter(known -> known.reading() == ManifestReader.READING)
                    .isPresent();
            return made instanceof Refusal differs && !readAlike ? ofAnotherVersion(differs) : made;
        } catch (FailedException e) {
            if (e.ofAFile()) throw new UncheckedIOException(String.valueOf(e.getMessage()), new IOException(e));
            return new Refusal(String.valueOf(e.getMessage()), ASK_AGAIN);
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
        if (shadow.isPresent()) {
            try (ProtectedServer server = ProtectedServer.open(sessions, order)) {
                server.admin().endEarlier(command(order), server.identity());
                server.made().drop(order.database().shadowName(shadow.get()));
            }
        } else sayIfMissing(order);
        store(order).remove(order.snapshot());
    }

    /** One that was taken is there, unless the policy names another store by now. */
    private static void sayIfMissing(Order order) {
        Whereabouts.missing(order.database(), order.snapshot())
                .ifPresent(place -> LOG.warn("the archive of snapshot " + order.snapshot() + " of "
                        + order.database().id() + " was to be deleted and is not in " + place
                        + ": where snapshot.store was changed, delete it from the old store"));
    }

    /** Why the archive cannot be restored on a second server. */
    private static Optional<Refusal> unfit(ProtectedServer server, Order order, Manifest manifest) {
        String place = order.database().server().host() + ":"
                + order.database().server().port();
        String name = order.database().server().database();
        if (server.identity().oid() != 0) {
            return Optional.of(new Refusal(
                    "there is a database " + name + " on " + place + " already: it is not replaced",
                    "move it out of the way, then ask again"));
        }
        int from = Integer.parseInt(manifest.serverVersion().replaceFirst("[^0-9].*", ""));
        if (major(server) < from) {
            return Optional.of(new Refusal(
                    place + " has PostgreSQL " + major(server) + ", the archive is of " + from,
                    "name a second server of PostgreSQL " + from + " or newer"));
        }
        return Optional.empty();
    }

    private static Command command(Order order) {
        return new Command(order.snapshot(), order.fence());
    }

    private static FolderStore store(Order order) {
        Path store = order.database().snapshot().store();
        if (store == null)
            throw new IllegalStateException("databases.yaml names no snapshot.store for "
                    + order.database().id() + ", of which archives are kept: name it again until they have gone");
        return new FolderStore(store, order.database().id());
    }

    private static int major(ProtectedServer server) {
        return server.identity().serverVersion() / 10_000;
    }

    private static Refusal ofAnotherVersion(Refusal differs) {
        return new Refusal(
                "another version of Ripcord has written the manifest, and this one reads some things otherwise, so that nobody can say"
                        + " whether it is this: " + differs.reason(),
                "ask at the gate again, for another snapshot");
    }

    /** Without this its proof would fail, when the gate is open already. */
    private static Refusal leftOut(List<String> invalid) {
        return new Refusal(
                "pg_dump leaves out invalid indexes, as a CREATE INDEX CONCURRENTLY leaves them that failed or is not done: "
                        + String.join(", ", invalid),
                "drop or reindex them, then ask again");
    }

    private static Refusal halfDetached(List<String> partitions) {
        return new Refusal(
                "pg_dump writes partitions as attached whose DETACH CONCURRENTLY was interrupted: "
                        + String.join(", ", partitions),
                "end it with ALTER TABLE … DETACH PARTITION … FINALIZE, then ask again");
    }

    private static Refusal ofOthers(Role restorer, List<String> objects) {
        return new Refusal(
                restorer.user()
                        + " may not bring back what belongs to a superuser, or to a role that enrolment did not see: "
                        + some(objects),
                "give it to a role of the application with ALTER … OWNER TO (the schema public to pg_database_owner), enrol"
                        + " again, then ask again; clones have no such limit");
    }

    private static Refusal ofExtensions(Role restorer, List<String> objects) {
        return new Refusal(
                restorer.user()
                        + " may not bring back rights on what comes with an extension, other than it came with: "
                        + some(objects),
                "grant them as they were (of functions and types, to PUBLIC) and revoke what was added, then ask again: who may"
                        + " use the extension can be said by its schema's rights, which are brought back; clones have no such"
                        + " limit");
    }

    static String some(List<String> objects) {
        int more = objects.size() - MOST_NAMED;
        return objects.stream().limit(MOST_NAMED).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    static Refusal noPrograms(int major) {
        return new Refusal(
                "there is no pg_dump on this machine that fits PostgreSQL " + major
                        + ": an older one does not know that server, and from 17 on pg_restore sends what a server before 17"
                        + " does not know",
                "install it, on Debian with: apt install postgresql-client-" + major);
    }
}
