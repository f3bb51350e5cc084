package dev.ripcord.events;

/** Something that happened to one enrolled database; the record is the event's data, as JSON. */
public sealed interface RipcordEvent
        permits AlertEvent,
                DeploymentEvent,
                MigrationEvent,
                SnapshotEvent,
                RollbackRequestEvent,
                RestoreEvent,
                RollbackEvent,
                RollbackOutcomeEvent,
                VerificationEvent,
                WatchEvent,
                NotificationEvent {

    /** Id of the enrolled database, which is also the record's key: what concerns one database stays in order. */
    String database();
}
