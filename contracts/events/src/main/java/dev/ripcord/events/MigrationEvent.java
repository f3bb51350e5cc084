package dev.ripcord.events;

import org.jspecify.annotations.Nullable;

/** The life of one migration of one database, as the pipeline that runs it tells it. */
public sealed interface MigrationEvent extends RipcordEvent {

    /** The migration's id: unique within its database, chosen by the pipeline. */
    String migration();

    /** A migration is about to run: it asks for a snapshot and must wait until that is completed. */
    record Started(
            String database, String migration, @Nullable String requestedBy) implements MigrationEvent {}

    /** The migration's statements ran to their end. */
    record Completed(String database, String migration) implements MigrationEvent {}

    /** The migration stopped with an error. */
    record Failed(String database, String migration, String reason) implements MigrationEvent {

        /** The reason of a run that nobody waits at the gate for any more. */
        public static final String NEVER_RAN = "it has not run: its pipeline no longer waits for the gate";

        /** Whether this run has not begun at all: of those before it that says nothing. */
        public boolean neverRan() {
            return NEVER_RAN.equals(reason);
        }
    }

    /**
     * A person had the session ended that ran it, or that it waited for.
     *
     * @param approver who signed that
     * @param session whose it was, without what it ran
     */
    record SessionEnded(String database, String migration, String approver, int pid, String session, String reason)
            implements MigrationEvent {}

    /** Somebody declared the migration good: its snapshot may go once its least retention has passed. */
    record Accepted(String database, String migration, String acceptedBy) implements MigrationEvent {}
}
