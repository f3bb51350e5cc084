package dev.ripcord.events;

import java.time.Instant;

/** The life of one snapshot. */
public sealed interface SnapshotEvent extends RipcordEvent {

    /** The snapshot's id. */
    String snapshot();

    /** The service began to take it. */
    record Started(String database, String snapshot, String migration, String form) implements SnapshotEvent {}

    /**
     * It is taken: the migration may run.
     *
     * @param form how it was taken: {@code clone} or {@code archive}
     * @param takenAt the moment whose state it holds
     * @param bytes its size
     * @param millis how long it took
     * @param pauseMillis how long the application could not connect; 0 for a form that works online
     */
    record Completed(
            String database,
            String snapshot,
            String migration,
            String form,
            Instant takenAt,
            long bytes,
            long millis,
            long pauseMillis)
            implements SnapshotEvent {}

    /** It was restored into a shadow whose content equals the manifest; the shadow stays ready for a swap. */
    record Proven(
            String database,
            String snapshot,
            String migration,
            String form,
            Instant takenAt,
            Shadow shadow,
            Manifest manifest,
            long millis)
            implements SnapshotEvent {}

    /**
     * It could not be taken or not be proven; a gate that waits for it stays closed.
     *
     * @param next what to do about it
     */
    record Failed(String database, String snapshot, String migration, String reason, String next)
            implements SnapshotEvent {}

    /** It was deleted after its retention. */
    record Expired(String database, String snapshot, String migration, String reason) implements SnapshotEvent {}
}
