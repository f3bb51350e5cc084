package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.snapshot.core.Progress;
import dev.ripcord.snapshot.core.Provider.Restoration;
import dev.ripcord.snapshot.provider.MadeDatabases;
import dev.ripcord.snapshot.provider.Proof;
import dev.ripcord.snapshot.provider.ProtectedServer;
import dev.ripcord.snapshot.provider.archive.ClientProcess.FailedException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.jboss.logging.Logger;

/** Restores an archive into a shadow: always into an empty database of our own name, never over one that is there. */
record ArchiveRestore(
        Vertx vertx,
        ProtectedServer server,
        Programs programs,
        EnrolledDatabase database,
        boolean elsewhere,
        Progress progress) {

    private static final Logger LOG = Logger.getLogger(ArchiveRestore.class);

    /** Makes the shadow and proves it; an unfinished one of that name is made anew. */
    Restoration into(String shadow, Path archive, Manifest manifest) throws FailedException {
        try {
            make(shadow, archive, manifest, 2);
        } catch (FailedException e) {
            if (e.late()) throw e;
            LOG.infof("%s is restored again, one thing after the other: %s", shadow, e.getMessage());
            make(shadow, archive, manifest, 1);
        }
        Role restorer = restorer();
        try (PgSession session = open(restorer, shadow)) {
            progress.is("analyzing");
            // an archive brings no statistics; it warns of each catalogue that it may not look into
            session.execute("set client_min_messages = error");
            session.execute("analyze"); // by itself, or it keeps a lock of every table and index until its end
        }
        server.made().giveTo(shadow, restorer.user());
        progress.is("comparing");
        return Proof.of(server, manifest, shadow);
    }

    /**
     * Into an empty database.
     *
     * @param jobs with more than one, pg_restore can wait for itself until the server calls it a deadlock: it does not know which
     *     partitions a statement about their table locks
     */
    private void make(String shadow, Path archive, Manifest manifest, int jobs) throws FailedException {
        Role restorer = restorer();
        MadeDatabases made = server.made();
        made.drop(shadow);
        if (elsewhere) made.createAs(manifest.properties(), shadow, restorer.user());
        else made.createLike(server.identity().oid(), shadow, restorer.user());
        made.openForOwner(shadow);
        // who gets in now and is kept out by then is so by something that passes
        try (PgSession session = open(restorer, shadow)) {
            // an empty database has one, and no archive says so
            if (lacksPublic(manifest)) session.execute("drop schema public");
            Handover.begin(session);
        }
        Contents contents = Contents.of(programs, archive, database.snapshot().limit());
        RestoredTables tables = RestoredTables.of(contents, manifest);
        long oid = made.find(shadow).orElseThrow();
        progress.is(() -> tables.step(made.rowsBeingCopied(oid)));
        try {
            restore(contents.objects(), archive, shadow, jobs, tables);
            try (PgSession session = open(restorer, shadow)) {
                Handover.end(session);
            }
            restore(contents.rights(), archive, shadow, jobs, tables);
        } catch (FailedException e) {
            made.drop(shadow);
            throw e;
        }
    }

    private void restore(List<String> items, Path archive, String shadow, int jobs, RestoredTables tables)
            throws FailedException {
        if (items.isEmpty()) return;
        try (ItemList list = ItemList.of(items);
                ClientProcess restore = ClientProcess.connected(
                        programs.restore(),
                        database,
                        restorer(),
                        shadow,
                        PgSession.APPLICATION,
                        List.of("--exit-on-error", "--verbose", "--jobs=" + jobs, list.option(), archive.toString()),
                        tables::heard)) {
            restore.await();
        }
    }

    /** Of a schema that is too large to be listed nobody knows; its archive is compared all the same. */
    private static boolean lacksPublic(Manifest manifest) {
        return !manifest.objects().isEmpty()
                && manifest.objects().stream()
                        .noneMatch(object ->
                                object.kind().equals("schema") && object.name().equals("public"));
    }

    private PgSession open(Role role, String name) {
        return PgSession.open(
                vertx, database.server(), role, name, database.snapshot().limit());
    }

    private Role restorer() {
        Role role = database.roles().restore();
        if (role == null)
            throw new IllegalStateException("The archive form needs the role restore for " + database.id());
        return role;
    }
}
