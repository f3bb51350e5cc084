package dev.ripcord.rollback.rehearsal;

import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.method.down.Rehearsal.Report;

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
     * @param snapshot whose copy is used
     * @param kept whether the files are rehearsed that were kept with the snapshot, or those in the folder now
     */
    record Wanted(String snapshot, boolean kept, String requestedBy) {}

    /** It arrived. */
    record Asked(Wanted wanted) implements RehearsalState {
        Copying copying() {
            return new Copying(wanted);
        }
    }

    /** A copy is being made. */
    record Copying(Wanted wanted) implements RehearsalState {
        Running copied(Shadow copy) {
            return new Running(wanted, copy);
        }
    }

    /** It is under way, in the copy. */
    record Running(Wanted wanted, Shadow copy) implements RehearsalState {
        Reported reported(Report report) {
            return new Reported(wanted, report);
        }
    }

    /** It is over. */
    record Reported(Wanted wanted, Report report) implements RehearsalState {}

    /** It did not take place. */
    record Refused(Wanted wanted, String reason) implements RehearsalState {}
}
