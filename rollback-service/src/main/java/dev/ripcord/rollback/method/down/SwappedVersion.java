package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.method.Effect;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;

/** After a swap: whether the migration tool's version table says what the snapshot recorded, and if not, has it say so. */
@ApplicationScoped
public class SwappedVersion {

    private static final Duration EACH = Duration.ofSeconds(10);

    private final Vertx vertx;

    SwappedVersion(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Reads the table, and puts it right where it must be; done twice, it is done once. The database is back already, so
     * a failure is told and nothing more.
     *
     * @param recorded the manifest's migration version: the table's name and what it said
     */
    public Effect.Note putRight(EnrolledDatabase database, String rollback, long fence, String recorded) {
        return note(
                recorded, () -> VersionNote.says(outcome(database, new Command(rollback, fence), recorded), recorded));
    }

    /** As {@link #putRight}, but writes nothing: what is newer there may be of migrations that have run since the swap. */
    public Effect.Note read(EnrolledDatabase database, String recorded) {
        return note(recorded, () -> {
            try (PgSession reading = session(database, database.roles().rollback())) {
                return VersionNote.leftAlone(reading, recorded);
            }
        });
    }

    private static Effect.Note note(String recorded, Supplier<String> look) {
        long began = System.nanoTime();
        String says;
        try {
            says = look.get();
        } catch (DatabaseFailure | RefusedException e) {
            says = "could not be read or put right: " + e.getMessage() + "; the snapshot recorded " + recorded;
        }
        return new Effect.Note(VersionNote.STEP, (System.nanoTime() - began) / 1_000_000, says);
    }

    private VersionRepair.Outcome outcome(EnrolledDatabase database, Command command, String recorded) {
        try (PgSession reading = session(database, database.roles().rollback())) {
            if (VersionRepair.asRecorded(reading, recorded)) return new VersionRepair.Outcome.AsRecorded();
        }
        Role role = database.roles().change();
        if (role == null) {
            return new VersionRepair.Outcome.NotPossible("databases.yaml names no role for changes in place");
        }
        try (AdminSession admin =
                AdminSession.open(vertx, database, database.roles().rollback(), EACH)) {
            Identity identity = admin.identify();
            try (PgSession live = session(database, role)) {
                return guarded(live, admin, command, identity, recorded);
            } finally {
                admin.open(command, identity);
            }
        }
    }

    private static VersionRepair.Outcome guarded(
            PgSession live, AdminSession admin, Command command, Identity identity, String recorded) {
        live.execute("begin");
        boolean done = false;
        try {
            String transaction = live.query("select pg_current_xact_id()::text as id")
                    .getFirst()
                    .getString(0);
            admin.beginInPlace(command, identity, live.processId(), transaction);
            VersionRepair.Outcome outcome = VersionRepair.within(live, recorded);
            live.execute("commit");
            done = true;
            return outcome;
        } finally {
            if (!done) live.execute("rollback");
        }
    }

    private PgSession session(EnrolledDatabase database, Role role) {
        return PgSession.open(vertx, database.server(), role, database.server().database(), EACH);
    }
}
