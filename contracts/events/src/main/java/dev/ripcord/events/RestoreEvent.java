package dev.ripcord.events;

/** A shadow made on request, where no warm one is left. */
public sealed interface RestoreEvent extends RipcordEvent {

    /** The restore's id; that of the rollback that needs it. */
    String restore();

    /** A rollback needs a shadow of this snapshot. */
    record Requested(String database, String restore, String snapshot) implements RestoreEvent {}

    /** The shadow is there, equal to the manifest and closed. */
    record Completed(String database, String restore, String snapshot, Shadow shadow, long millis)
            implements RestoreEvent {}

    /** There is no shadow, and why. */
    record Failed(String database, String restore, String snapshot, String reason) implements RestoreEvent {}
}
