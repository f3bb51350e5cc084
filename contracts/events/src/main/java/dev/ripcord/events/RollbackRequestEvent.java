package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people and enrolled systems ask of one rollback. */
public sealed interface RollbackRequestEvent extends RipcordEvent {

    /** The rollback's id, chosen by whoever asks: asking twice with one id is asking once. */
    String rollback();

    /**
     * Take the database back.
     *
     * @param migration the migration to take back; null for the newest one with a snapshot
     * @param snapshot the snapshot to take; null for that of the migration
     * @param undoes the rollback to take back in its turn; null for a rollback proper
     * @param way how; null for the swap of the whole database
     * @param signals what is wrong, by the names that the decision policy has for it; null where nothing is said
     * @param overrides why this is wanted although the decision policy says otherwise; null where it is not
     * @param automatic whether a monitor or a pipeline asks, and no person; null for a person
     */
    record Requested(
            String database,
            String rollback,
            @Nullable String migration,
            @Nullable String snapshot,
            @Nullable String undoes,
            String reason,
            String requestedBy,
            @Nullable Way way,
            @Nullable List<String> signals,
            @Nullable String overrides,
            @Nullable Boolean automatic)
            implements RollbackRequestEvent {

        public Requested {
            signals = signals == null ? null : List.copyOf(signals);
        }

        /** By a person who says nothing of what is wrong. */
        public Requested(
                String database,
                String rollback,
                @Nullable String migration,
                @Nullable String snapshot,
                @Nullable String undoes,
                String reason,
                String requestedBy,
                @Nullable Way way) {
            this(database, rollback, migration, snapshot, undoes, reason, requestedBy, way, null, null, null);
        }

        /** By the swap of the whole database. */
        public Requested(
                String database,
                String rollback,
                @Nullable String migration,
                @Nullable String snapshot,
                @Nullable String undoes,
                String reason,
                String requestedBy) {
            this(database, rollback, migration, snapshot, undoes, reason, requestedBy, null);
        }
    }

    /**
     * A person approved one plan.
     *
     * @param planHash the hash of the plan that the person saw
     * @param word the confirmation word as typed
     * @param glassBroken why this person alone approves what several must; null for an approval like others
     */
    record Approved(
            String database,
            String rollback,
            String planHash,
            @Nullable String word,
            String approver,
            @Nullable String glassBroken)
            implements RollbackRequestEvent {

        /** As one of those who must. */
        public Approved(String database, String rollback, String planHash, @Nullable String word, String approver) {
            this(database, rollback, planHash, word, approver, null);
        }
    }

    /** A person has done the step that a rollback waits for: the application is pointed to the second server. */
    record Confirmed(String database, String rollback, String confirmedBy) implements RollbackRequestEvent {}

    /** A person refused the plan. */
    record Rejected(String database, String rollback, String reason, String rejectedBy)
            implements RollbackRequestEvent {}

    /** A person gives the rollback up before its swap and wants the live database opened again as it was. */
    record ReopenAsked(String database, String rollback, String reason, String approver)
            implements RollbackRequestEvent {}

    /** Whoever asked takes the request back; without effect after the swap. */
    record Cancelled(String database, String rollback, String reason, String cancelledBy)
            implements RollbackRequestEvent {}
}
