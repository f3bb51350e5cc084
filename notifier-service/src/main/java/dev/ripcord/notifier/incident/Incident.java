package dev.ripcord.notifier.incident;

import dev.ripcord.events.TableLoss;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rollback as people see it; what is not known yet is null.
 *
 * @param open whether it has no outcome yet
 * @param firstAt the time of its earliest event
 * @param step the last step that was done
 * @param outcomeReason why it failed or was refused
 * @param leftAs where a failed rollback left the database
 * @param keptDatabase the name under which the database is kept that was live before
 * @param lossExact whether {@code loss} was counted row by row, or is the plan's estimate
 * @param undo how to take it back
 * @param undoneBy the rollback that took it back
 * @param undoneAt when that ended
 * @param verification the last verdict on the database in this rollback
 */
public record Incident(
        String rollback,
        String database,
        State state,
        boolean open,
        Instant firstAt,
        @Nullable Instant requestedAt,
        @Nullable String requestedBy,
        @Nullable String reason,
        @Nullable String migration,
        @Nullable String snapshot,
        @Nullable String undoes,
        @Nullable Instant plannedAt,
        @Nullable String method,
        @Nullable Instant takenAt,
        @Nullable Long estimatedOutageMillis,
        @Nullable Instant startedAt,
        @Nullable String approvedBy,
        @Nullable String declined,
        @Nullable String step,
        @Nullable Instant outcomeAt,
        @Nullable String outcomeReason,
        @Nullable String leftAs,
        @Nullable String next,
        @Nullable Double outageMillis,
        @Nullable Long totalMillis,
        @Nullable String keptDatabase,
        List<TableLoss> loss,
        boolean lossExact,
        @Nullable String undo,
        @Nullable String undoneBy,
        @Nullable Instant undoneAt,
        @Nullable String verification,
        @Nullable Instant verifiedAt) {

    public Incident {
        loss = List.copyOf(loss);
    }

    /**
     * What the public may know of it: that a database is taken back, how long that takes and how it ended, and nothing of why,
     * of who, or of what was lost.
     */
    public Incident forEverybody() {
        return new Incident(
                rollback,
                database,
                state,
                open,
                firstAt,
                null,
                null,
                null,
                null,
                null,
                undoes,
                null,
                null,
                takenAt,
                estimatedOutageMillis,
                startedAt,
                null,
                null,
                null,
                outcomeAt,
                null,
                null,
                null,
                outageMillis,
                totalMillis,
                null,
                List.of(),
                lossExact,
                null,
                undoneBy,
                undoneAt,
                null,
                null);
    }

    /** Where a rollback stands. */
    public enum State {
        requested("requested"),
        planned("planned"),
        waiting("waiting for approval"),
        running("running"),
        completed("completed"),
        failed("failed"),
        undone("undone"),
        refused("refused");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** As people say it. */
        public String words() {
            return words;
        }
    }
}
