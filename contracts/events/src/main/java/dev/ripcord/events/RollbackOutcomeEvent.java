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
     * @param properties what of the database itself (owner, grants, settings …) had been changed since the snapshot and is as
     *     it was again, and which sequences could not be set to what was given out meanwhile, one line each
     * @param undo how to take this back
     * @param glassBroken who approved alone what several must, and why; null where nobody did
     */
    record Completed(
            String database,
            String rollback,
            String snapshot,
            String failedDatabase,
            double outageMillis,
            long totalMillis,
            List<TableLoss> loss,
            @Nullable List<String> properties,
            String undo,
            @Nullable String glassBroken)
            implements RollbackOutcomeEvent {
        public Completed {
            loss = List.copyOf(loss);
            properties = properties == null ? List.of() : List.copyOf(properties);
        }

        /** What of the database itself is as it was again, and what of its sequences could not be carried over. */
        @Override
        public List<String> properties() {
            return properties == null ? List.of() : properties;
        }
    }

    /**
     * The live database was put right where it stands, in one transaction. It was not closed for that; where snapshots are
     * clones, it was closed for a moment for the one before.
     *
     * @param method what was done, for example {@code schema}
     * @param emergencySnapshot taken just before and proven; null where the database was not changed
     * @param changes what was done, one line each, for people
     * @param totalMillis from the request to here
     * @param loss per table, what was taken back
     * @param undo how to take this back
     * @param glassBroken who approved alone what several must, and why; null where nobody did
     */
    record CompletedInPlace(
            String database,
            String rollback,
            String method,
            @Nullable String emergencySnapshot,
            List<String> changes,
            long totalMillis,
            List<TableLoss> loss,
            String undo,
            @Nullable String glassBroken)
            implements RollbackOutcomeEvent {
        public CompletedInPlace {
            changes = List.copyOf(changes);
            loss = List.copyOf(loss);
        }

        /** Approved by all who must. */
        public CompletedInPlace(
                String database,
                String rollback,
                String method,
                @Nullable String emergencySnapshot,
                List<String> changes,
                long totalMillis,
                List<TableLoss> loss,
                String undo) {
            this(database, rollback, method, emergencySnapshot, changes, totalMillis, loss, undo, null);
        }
    }

    /**
     * It stopped.
     *
     * @param state where the database stands now: {@code unchanged}, or what was done
     * @param next the next command
     * @param glassBroken who approved alone what several must, and why; null where nobody did
     */
    record Failed(
            String database,
            String rollback,
            String state,
            String reason,
            String next,
            @Nullable String glassBroken) implements RollbackOutcomeEvent {
        /** Approved by all who must. */
        public Failed(String database, String rollback, String state, String reason, String next) {
            this(database, rollback, state, reason, next, null);
        }
    }

    /**
     * A rollback was taken back: the database that had failed is live again.
     *
     * @param undoes the rollback that was taken back
     * @param keptDatabase the name under which the database is kept that was live until now
     * @param glassBroken who approved alone what several must, and why; null where nobody did
     */
    record Undone(
            String database,
            String rollback,
            String undoes,
            String keptDatabase,
            double outageMillis,
            long totalMillis,
            @Nullable String glassBroken)
            implements RollbackOutcomeEvent {
        /** Approved by all who must. */
        public Undone(
                String database,
                String rollback,
                String undoes,
                String keptDatabase,
                double outageMillis,
                long totalMillis) {
            this(database, rollback, undoes, keptDatabase, outageMillis, totalMillis, null);
        }
    }

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
