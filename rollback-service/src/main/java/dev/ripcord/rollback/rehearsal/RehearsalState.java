package dev.ripcord.rollback.rehearsal;

import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.method.down.Rehearsal.Report;
import org.jspecify.annotations.Nullable;

/**
 * Where a rehearsal stands.
 *
 * <pre>
 * Asked → Copying → Running → Reported
 *            ╰─────────┴────→ Refused
 * </pre>
 */
sealed interface RehearsalState {

    Wanted wanted();

    /**
     * What was asked for.
     *
     * @param snapshot whose copy is used, null for that of the migration
     * @param migration null for the newest with a snapshot
     * @param kept whether the files are rehearsed that were kept with the snapshot, or those in the folder now
     */
    record Wanted(@Nullable String snapshot, @Nullable String migration, boolean kept, String requestedBy) {}

    /** It arrived. */
    record Asked(Wanted wanted) implements RehearsalState {
        Copying copying(String snapshot) {
            return new Copying(wanted, snapshot);
        }
    }

    /** A copy is being made. */
    record Copying(Wanted wanted, String snapshot) implements RehearsalState {
        Running copied(Shadow copy) {
            return new Running(wanted, snapshot, copy);
        }
    }

    /** It is under way, in the copy. */
    record Running(Wanted wanted, String snapshot, Shadow copy) implements RehearsalState {
        Reported reported(Report report) {
            return new Reported(wanted, snapshot, report);
        }
    }

    /** It is over. */
    record Reported(Wanted wanted, String snapshot, Report report) implements RehearsalState {}

    /** It did not take place. */
    record Refused(Wanted wanted, String reason) implements RehearsalState {}
}
