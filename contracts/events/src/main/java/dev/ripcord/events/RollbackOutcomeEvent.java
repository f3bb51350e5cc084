package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a rollback ended; teams subscribe here. */
public sealed interface RollbackOutcomeEvent extends RipcordEvent {

    /** The rollback's id. */
    String rollback();

    /**
     * The database is back at the snapshot, open and verified.
     *
     * @param failedDatabase the name under which the failed database is kept
     * @param outageMillis from closing the live database to opening the restored one
     * @param totalMillis from the request to here
     * @param loss the estimate of the plan; the exact figures follow in {@code rollback.loss-counted}
     * @param undo how to take this back
     */
    record Completed(
            String database,
            String rollback,
            String snapshot,
            String failedDatabase,
            double outageMillis,
            long totalMillis,
            List<TableLoss> loss,
            String undo)
            implements RollbackOutcomeEvent {
        public Completed {
            loss = List.copyOf(loss);
        }
    }

    /**
     * The live database was put right where it stands, in one transaction; it was not closed.
     *
     * @param method what was done, for example {@code schema}
     * @param emergencySnapshot taken just before and proven; null where the database was not changed
     * @param changes what was done, one line each, for people
     * @param totalMillis from the request to here
     * @param loss per table, what was taken back
     * @param undo how to take this back
     */
    record CompletedInPlace(
            String database,
            String rollback,
            String method,
            @Nullable String emergencySnapshot,
            List<String> changes,
            long totalMillis,
            List<TableLoss> loss,
            String undo)
            implements RollbackOutcomeEvent {
        public CompletedInPlace {
            changes = List.copyOf(changes);
            loss = List.copyOf(loss);
        }
    }

    /**
     * It stopped.
     *
     * @param state where the database stands now: {@code unchanged}, or what was done
     * @param next the next command
     */
    record Failed(String database, String rollback, String state, String reason, String next)
            implements RollbackOutcomeEvent {}

    /**
     * A rollback was taken back: the database that had failed is live again.
     *
     * @param undoes the rollback that was taken back
     * @param keptDatabase the name under which the database is kept that was live until now
     */
    record Undone(
            String database, String rollback, String undoes, String keptDatabase, double outageMillis, long totalMillis)
            implements RollbackOutcomeEvent {}

    /**
     * The snapshot is restored and open on the second server, and the application was pointed there; the old database is
     * where it was.
     *
     * @param connection where the application finds it, without user and password
     * @param oldConnection where the old database is
     * @param oldClosed whether nobody is let into the old database any more
     * @param notBrought what did not come along, one line each, for people
     * @param totalMillis from the request to here
     * @param undo how to go back
     */
    record Moved(
            String database,
            String rollback,
            String snapshot,
            String connection,
            String oldConnection,
            boolean oldClosed,
            List<String> notBrought,
            long totalMillis,
            String undo)
            implements RollbackOutcomeEvent {
        public Moved {
            notBrought = List.copyOf(notBrought);
        }
    }

    /** It was not begun, nothing was changed. */
    record Refused(String database, String rollback, String reason, String next) implements RollbackOutcomeEvent {}
}
