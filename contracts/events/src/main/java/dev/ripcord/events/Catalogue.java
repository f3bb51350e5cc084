package dev.ripcord.events;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every event: its name on the wire, its topic, its record. A new event is one line here. */
public final class Catalogue {

    /**
     * One event.
     *
     * @param type the CloudEvents {@code type}
     * @param version of the data's shape; it grows only when a change is not compatible
     */
    public record Entry(String type, Topic topic, Class<? extends RipcordEvent> record, int version) {

        /** The CloudEvents {@code dataschema}, for example {@code urn:ripcord:snapshot.proven:1}. */
        public String dataschema() {
            return "urn:ripcord:" + type + ":" + version;
        }
    }

    public static final List<Entry> ENTRIES = List.of(
            entry("deployment.started", Topic.DEPLOYMENT, DeploymentEvent.Started.class),
            entry("deployment.completed", Topic.DEPLOYMENT, DeploymentEvent.Completed.class),
            entry("deployment.failed", Topic.DEPLOYMENT, DeploymentEvent.Failed.class),
            entry("deployment.noted", Topic.DEPLOYMENT, DeploymentEvent.Noted.class),
            entry("migration.started", Topic.MIGRATION, MigrationEvent.Started.class),
            entry("migration.completed", Topic.MIGRATION, MigrationEvent.Completed.class),
            entry("migration.failed", Topic.MIGRATION, MigrationEvent.Failed.class),
            entry("migration.session-ended", Topic.MIGRATION, MigrationEvent.SessionEnded.class),
            entry("migration.accepted", Topic.MIGRATION, MigrationEvent.Accepted.class),
            entry("alert.judged", Topic.ALERT, AlertEvent.Judged.class),
            entry("snapshot.started", Topic.SNAPSHOT, SnapshotEvent.Started.class),
            entry("snapshot.completed", Topic.SNAPSHOT, SnapshotEvent.Completed.class),
            entry("snapshot.proven", Topic.SNAPSHOT, SnapshotEvent.Proven.class),
            entry("snapshot.failed", Topic.SNAPSHOT, SnapshotEvent.Failed.class),
            entry("snapshot.expired", Topic.SNAPSHOT, SnapshotEvent.Expired.class),
            entry("rollback.requested", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.Requested.class),
            entry("rollback.approved", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.Approved.class),
            entry("rollback.confirmed", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.Confirmed.class),
            entry("rollback.rejected", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.Rejected.class),
            entry("rollback.reopen-asked", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.ReopenAsked.class),
            entry("rollback.cancelled", Topic.ROLLBACK_REQUEST, RollbackRequestEvent.Cancelled.class),
            entry("restore.requested", Topic.RESTORE, RestoreEvent.Requested.class),
            entry("restore.progressed", Topic.RESTORE, RestoreEvent.Progressed.class),
            entry("restore.completed", Topic.RESTORE, RestoreEvent.Completed.class),
            entry("restore.failed", Topic.RESTORE, RestoreEvent.Failed.class),
            entry("rollback.planned", Topic.ROLLBACK, RollbackEvent.Planned.class),
            entry("rollback.approval-refused", Topic.ROLLBACK, RollbackEvent.ApprovalRefused.class),
            entry("rollback.glass-broken", Topic.ROLLBACK, RollbackEvent.GlassBroken.class),
            entry("rollback.started", Topic.ROLLBACK, RollbackEvent.Started.class),
            entry("rollback.step", Topic.ROLLBACK, RollbackEvent.Step.class),
            entry("rollback.fell", Topic.ROLLBACK, RollbackEvent.Fell.class),
            entry("rollback.delivery-held", Topic.ROLLBACK, RollbackEvent.DeliveryHeld.class),
            entry("rollback.overdue", Topic.ROLLBACK, RollbackEvent.Overdue.class),
            entry("rollback.unanswered", Topic.ROLLBACK, RollbackEvent.Unanswered.class),
            entry("rollback.target-missed", Topic.ROLLBACK, RollbackEvent.TargetMissed.class),
            entry("rollback.post-mortem-due", Topic.ROLLBACK, RollbackEvent.PostMortemDue.class),
            entry("rollback.post-mortem-done", Topic.ROLLBACK, RollbackEvent.PostMortemDone.class),
            entry("rollback.reopened", Topic.ROLLBACK, RollbackEvent.Reopened.class),
            entry("rollback.loss-counted", Topic.ROLLBACK, RollbackEvent.LossCounted.class),
            entry("rollback.completed", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.Completed.class),
            entry("rollback.completed-in-place", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.CompletedInPlace.class),
            entry("rollback.moved", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.Moved.class),
            entry("rollback.failed", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.Failed.class),
            entry("rollback.undone", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.Undone.class),
            entry("rollback.refused", Topic.ROLLBACK_OUTCOME, RollbackOutcomeEvent.Refused.class),
            entry("verification.requested", Topic.VERIFICATION, VerificationEvent.Requested.class),
            entry("verification.passed", Topic.VERIFICATION, VerificationEvent.Passed.class),
            entry("verification.failed", Topic.VERIFICATION, VerificationEvent.Failed.class),
            entry("verification.inconclusive", Topic.VERIFICATION, VerificationEvent.Inconclusive.class),
            entry("watch.regressed", Topic.VERIFICATION, WatchEvent.Regressed.class),
            entry("watch.settled", Topic.VERIFICATION, WatchEvent.Settled.class),
            entry("watch.completed", Topic.VERIFICATION, WatchEvent.Completed.class),
            entry("notification.delivered", Topic.NOTIFICATION, NotificationEvent.Delivered.class),
            entry("notification.failed", Topic.NOTIFICATION, NotificationEvent.Failed.class));

    private static final Map<String, Entry> BY_TYPE =
            ENTRIES.stream().collect(Collectors.toUnmodifiableMap(Entry::type, Function.identity()));
    private static final Map<Class<?>, Entry> BY_RECORD =
            ENTRIES.stream().collect(Collectors.toUnmodifiableMap(Entry::record, Function.identity()));

    private Catalogue() {}

    /** The event with this name on the wire, if there is one. */
    public static Optional<Entry> named(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** The line of an event's record. */
    public static Entry of(RipcordEvent event) {
        Entry entry = BY_RECORD.get(event.getClass());
        if (entry == null) throw new IllegalStateException(event.getClass() + " has no line in the catalogue");
        return entry;
    }

    private static Entry entry(String type, Topic topic, Class<? extends RipcordEvent> record) {
        return new Entry(type, topic, record, 1);
    }
}
