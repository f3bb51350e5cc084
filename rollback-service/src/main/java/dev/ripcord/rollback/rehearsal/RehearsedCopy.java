package dev.ripcord.rollback.rehearsal;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.method.down.Bundle;
import dev.ripcord.rollback.method.down.BundleFolder;
import dev.ripcord.rollback.method.down.Bundles;
import dev.ripcord.rollback.method.down.Limits;
import dev.ripcord.rollback.method.down.Rehearsal;
import dev.ripcord.rollback.method.down.Rehearsal.Report;
import dev.ripcord.rollback.method.down.Settings;
import dev.ripcord.rollback.rehearsal.RehearsalState.Running;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The copy in which migrations are rehearsed, opened for that and closed again. */
@ApplicationScoped
class RehearsedCopy {

    private static final Duration EACH_ACT = Duration.ofSeconds(10);
    private static final Duration EACH_STATEMENT = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final Bundles bundles;

    RehearsedCopy(Vertx vertx, Bundles bundles) {
        this.vertx = vertx;
        this.bundles = bundles;
    }

    /**
     * Rehearses.
     *
     * @throws RefusedException if there is nothing to rehearse with, or it was begun before and interrupted
     */
    Report rehearse(EnrolledDatabase database, String id, long fence, Running running) {
        Shadow copy = running.copy();
        Migrations migrations = database.migrations();
        Role role = database.roles().change();
        if (migrations == null) throw new RefusedException("databases.yaml names no migration tool (migrations)");
        if (role == null) {
            throw new RefusedException("databases.yaml names no role for changes in place: ripcord enrol --in-place");
        }
        Bundle bundle = running.wanted().kept()
                ? bundles.of(running.snapshot())
                        .orElseThrow(() ->
                                new RefusedException("no migrations were kept with snapshot " + running.snapshot()))
                : BundleFolder.read(migrations.tool(), migrations.folder());
        Command command = new Command(id, fence);
        try (AdminSession admin =
                AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT)) {
            Identity identity = admin.identify();
            if (admin.done(command, "opened for rehearsal")) {
                if (!admin.done(command, "rehearsed")) admin.endRehearsal(command, identity, copy.oid());
                throw new RefusedException("it was interrupted, and what it left in its copy is not known: ask again");
            }
            String name = admin.openForRehearsal(command, identity, copy.oid(), copy.seal());
            try (PgSession session = PgSession.open(vertx, database.server(), role, name, EACH_STATEMENT)) {
                return Rehearsal.run(database, session, bundle, Settings.of(migrations), Limits.USUAL);
            } finally {
                admin.endRehearsal(command, identity, copy.oid());
            }
        }
    }
}
