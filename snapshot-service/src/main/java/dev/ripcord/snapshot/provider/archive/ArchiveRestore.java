package dev.ripcord.snapshot.provider.archive;

import dev.ripcord.databases.DatabaseFailure;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Restores an archive into a shadow: always into an empty database of our own name, never over one that is there.
 *
 * @param elsewhere on a server on which its own database is not
 * @param extensions what they held; empty where nobody knows, or another server may make them otherwise
 * @param until when all of it must be done, as {@link System#nanoTime} says it
 */
record ArchiveRestore(
        Vertx vertx,
        ProtectedServer server,
        Programs programs,
        EnrolledDatabase database,
        boolean elsewhere,
        Path archive,
        Manifest manifest,
        Optional<List<Manifest.SchemaObject>> extensions,
        Progress progress,
        long until) {

    private static final String TABLES = """
            select format('%I.%I', nspname, relname) as name from pg_class c join pg_namespace n on n.oid = relnamespace
             where relkind in ('r', 'm', 'p') and nspname !~ '^pg_' and nspname <> 'information_schema'
             order by c.oid""";

    private static final Logger LOG = Logger.getLogger(ArchiveRestore.class);

    /** Makes the shadow and proves it; an unfinished one of that name is made anew, and none is left. */
    Restoration into(String shadow) throws FailedException {
        Contents contents = Contents.of(programs, archive, left());
        try {
            return made(shadow, contents, RestoredTables.of(contents, manifest));
        } catch (FailedException | RuntimeException e) {
            drop(shadow, e);
            throw e;
        }
    }

    private Restoration made(String shadow, Contents contents, RestoredTables tables) throws FailedException {
        objects(shadow, contents, tables);
        rights(shadow, contents, tables);
        if (extensions.isPresent()) {
            ExtensionContents.requireEqual(extensions.get(), inside(shadow, ExtensionContents::of));
        }
        analyze(shadow);
        server.made().giveTo(shadow, restorer().user());
        progress.is("comparing");
        return Proof.of(server, manifest, shadow);
    }

    /** On a full disk it would take the room that somebody makes; where the server is away the next attempt drops it. */
    private void drop(String shadow, Exception failure) {
        try {
            server.made().drop(shadow);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * Two processes of pg_restore can wait for each other until the server calls it a deadlock, and stumble over row security that the
     * other has switched on already: they do not know which tables a statement is about besides its own.
     */
    private void objects(String shadow, Contents contents, RestoredTables tables) throws FailedException {
        try {
            Handover handover = empty(shadow, contents, tables);
            restore(shadow, contents.objects(), List.of("--jobs=2"), tables);
            takeBack(shadow, handover);
        } catch (FailedException e) {
            if (e.late() || e.ofAFile()) throw e;
            LOG.infof("%s is restored again, one thing after the other: %s", shadow, e.getMessage());
            oneAfterTheOther(shadow, contents, tables);
        }
    }

    /** What an index calls finds all rows then, and may read them as in the original. */
    private void oneAfterTheOther(String shadow, Contents contents, RestoredTables tables) throws FailedException {
        Handover handover = empty(shadow, contents, tables);
        restore(shadow, contents.objects(), List.of("--section=pre-data", "--section=data"), tables);
        Handover reading = inside(shadow, Handover::ofRows);
        restore(shadow, contents.objects(), List.of("--section=post-data"), tables);
        takeBack(shadow, reading);
        takeBack(shadow, handover);
    }

    /** The schemas with nothing in them. */
    private Handover empty(String shadow, Contents contents, RestoredTables tables) throws FailedException {
        empty(shadow);
        long oid = server.made().find(shadow).orElseThrow();
        progress.is(() -> tables.step(server.made().rowsBeingCopied(oid)));
        restore(shadow, contents.schemas(), List.of(), tables);
        return inside(shadow, Handover::ofSchemas);
    }

    private void takeBack(String shadow, Handover handover) {
        inside(shadow, session -> {
            handover.end(session);
            return handover;
        });
    }

    /** Rights that are given, and views that are refreshed, can be so once more. */
    private void rights(String shadow, Contents contents, RestoredTables tables) throws FailedException {
        List<String> options = List.of("--enable-row-security");
        try {
            restore(shadow, contents.rights(), options, tables);
        } catch (FailedException e) {
            if (e.late() || e.ofAFile()) throw e;
            LOG.infof("the rights in %s are restored again: %s", shadow, e.getMessage());
            try {
                restore(shadow, contents.rights(), options, tables);
            } catch (FailedException again) {
                // what cannot be made twice, such as an event trigger, would be named instead of the cause
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private void empty(String shadow) {
        Role restorer = restorer();
        MadeDatabases made = server.made();
        made.drop(shadow);
        if (elsewhere) made.createAs(manifest.properties(), shadow, restorer.user());
        else made.createLike(server.identity().oid(), shadow, restorer.user());
        made.openForOwner(shadow);
        // an empty database has one, and no archive says so
        if (lacksPublic()) {
            inside(shadow, session -> {
                session.execute("drop schema public");
                return session;
            });
        }
    }

    private void restore(String shadow, List<String> items, List<String> options, RestoredTables tables)
            throws FailedException {
        if (items.isEmpty()) return;
        try (ItemList list = ItemList.of(items)) {
            List<String> arguments = new ArrayList<>(options);
            arguments.addAll(List.of("--exit-on-error", "--verbose", list.option(), archive.toString()));
            try (ClientProcess restore = ClientProcess.connected(
                    programs.restore(),
                    database,
                    restorer(),
                    shadow,
                    PgSession.APPLICATION,
                    arguments,
                    left(),
                    tables::heard)) {
                restore.await();
            }
        }
    }

    /**
     * An archive brings no statistics. What an expression calls may not be found without the application's path, to autovacuum neither:
     * the copy is whole without those of its table, and the other tables have theirs.
     */
    private void analyze(String shadow) {
        progress.is("analyzing");
        try {
            // by itself, or it keeps a lock of every table and index until its end
            analyze(shadow, "analyze");
        } catch (DatabaseFailure e) {
            if (e.passing() || e.ofTheServer()) throw e;
            inside(shadow, session -> session.query(TABLES))
                    .forEach(row -> analyzeOrWarn(shadow, row.getString("name")));
        }
    }

    private void analyzeOrWarn(String shadow, String table) {
        try {
            analyze(shadow, "analyze " + table);
        } catch (DatabaseFailure e) {
            if (e.passing() || e.ofTheServer()) throw e;
            LOG.warnf(
                    "%s has no statistics of %s, analyze it after a rollback: SQLSTATE %s",
                    shadow, table, e.sqlState());
        }
    }

    private void analyze(String shadow, String statement) {
        inside(shadow, session -> {
            // it warns of each catalogue that it may not look into
            session.execute("set client_min_messages = error");
            session.execute(statement);
            return session;
        });
    }

    /** Of a schema that is too large to be listed nobody knows; its archive is compared all the same. */
    private boolean lacksPublic() {
        return !manifest.objects().isEmpty()
                && manifest.objects().stream()
                        .noneMatch(object ->
                                object.kind().equals("schema") && object.name().equals("public"));
    }

    /** Who got in before and is kept out by then is so by something that passes. */
    private <T> T inside(String shadow, Function<PgSession, T> work) {
        try (PgSession session = PgSession.open(
                vertx,
                database.server(),
                restorer(),
                shadow,
                database.snapshot().limit())) {
            return work.apply(session);
        }
    }

    private Duration left() {
        return Duration.ofNanos(until - System.nanoTime());
    }

    private Role restorer() {
        Role role = database.roles().restore();
        if (role == null)
            throw new IllegalStateException("The archive form needs the role restore for " + database.id());
        return role;
    }
}
