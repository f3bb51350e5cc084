package dev.ripcord.rollback.loss;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.core.Swapped;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Opens the failed database and a copy of the snapshot for this service alone, compares them, and closes both again. */
@ApplicationScoped
public class LossReport {

    private static final Duration EACH_STATEMENT = Duration.ofMinutes(10);

    private static final Duration EACH_LOOK = Duration.ofSeconds(15);

    /** The failed database has another name, is gone, or was opened by somebody else; a newer owner acts. */
    private static final Set<String> NOT_OURS = Set.of("RC001", "RC002", "RC003", "RC005");

    private final Vertx vertx;

    LossReport(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What was counted, and the failed database's new seal. */
    public record Counted(List<TableLoss> loss, String seal) {}

    /**
     * Counts; can be done again at any time.
     *
     * @param beforeEach of the tables: what it throws ends the count, and leaves the failed database to {@link #close}
     */
    public Counted count(
            EnrolledDatabase database, String rollback, long fence, Swapped swapped, Shadow copy, Runnable beforeEach) {
        Command command = new Command(rollback, fence);
        try (AdminSession admin = admin(database)) {
            Identity identity = admin.identify();
            String failedName = admin.openPrivately(command, identity, swapped.keptOid(), swapped.keptSeal());
            String copyName = admin.openPrivately(command, identity, copy.oid(), copy.seal());
            List<TableLoss> loss;
            try (PgSession failed = session(database, failedName);
                    PgSession before = session(database, copyName)) {
                loss = LossCount.count(failed, before, beforeEach);
            } finally {
                admin.seal(command, identity, copy.oid());
            }
            return new Counted(loss, admin.seal(command, identity, swapped.keptOid()));
        }
    }

    /**
     * Closes the failed database where a count that failed has left it open, so that the rollback can still be undone.
     *
     * @return its seal; the one that it had where somebody else has opened or removed it since, or the server is another
     *     one by now
     */
    public String close(EnrolledDatabase database, String rollback, long fence, Swapped swapped) {
        Command command = new Command(rollback, fence);
        try (AdminSession admin = admin(database)) {
            if (admin.sealOf(swapped.keptOid())
                    .filter(swapped.keptSeal()::equals)
                    .isPresent()) return swapped.keptSeal();
            Identity identity = admin.identify();
            admin.openPrivately(command, identity, swapped.keptOid(), swapped.keptSeal());
            return admin.seal(command, identity, swapped.keptOid());
        } catch (RefusedException e) {
            return swapped.keptSeal();
        } catch (DatabaseFailure e) {
            if (!NOT_OURS.contains(String.valueOf(e.sqlState()))) throw e;
            return swapped.keptSeal();
        }
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_LOOK);
    }

    private PgSession session(EnrolledDatabase database, String name) {
        return PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_STATEMENT);
    }
}
