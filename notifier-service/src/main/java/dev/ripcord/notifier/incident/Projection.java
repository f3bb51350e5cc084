package dev.ripcord.notifier.incident;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.WatchEvent;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what each event adds to its incident. The topics are read independently, so an outcome may come before its
 * request: each event makes the row if it is the first, and touches only columns that are its own or that a newer event
 * of the same sort overwrites. A dry run is no incident; where something else made it one, its last step ends it.
 */
public final class Projection {

    private static final String DRY_RUN_ENDED = "dry-run-ended";

    private Projection() {}

    /** Adds one event to the incident it belongs to, if it belongs to any. */
    public static void add(Envelope<?> envelope, Ledger ledger) {
        Line line = new Line(ledger, envelope.event().database(), envelope.time());
        switch (envelope.event()) {
            case RollbackRequestEvent event -> add(event, line);
            case RollbackEvent event -> add(event, line);
            case RollbackOutcomeEvent event -> add(event, line);
            case VerificationEvent.Passed event -> line.verified(event.rollback(), "passed");
            case VerificationEvent.Failed event -> line.verified(event.rollback(), "failed");
            case VerificationEvent.Inconclusive event -> line.verified(event.rollback(), "inconclusive");
            case VerificationEvent.Requested asked
            when asked.rollback() != null -> line.step(asked.rollback(), "verifying");
            case VerificationEvent.Requested _ -> {}
            case DeploymentEvent _,
                    MigrationEvent _,
                    SnapshotEvent _,
                    RestoreEvent _,
                    NotificationEvent _,
                    WatchEvent _,
                    AlertEvent _ -> {}
        }
    }

    private static void add(RollbackRequestEvent event, Line line) {
        switch (event) {
            case RollbackRequestEvent.Requested dryRun
            when dryRun.way() != null && dryRun.way().dryRun() -> {}
            case RollbackRequestEvent.Requested requested ->
                line.set(
                        requested.rollback(),
                        "requested_at = $3, requested_by = $4, reason = $5, migration = coalesce($6, migration),"
                                + " snapshot = coalesce($7, snapshot), undoes = coalesce($8, undoes)",
                        line.time(),
                        requested.requestedBy(),
                        requested.reason(),
                        requested.migration(),
                        requested.snapshot(),
                        requested.undoes());
            case RollbackRequestEvent.Approved _,
                    RollbackRequestEvent.ReopenAsked _,
                    RollbackRequestEvent.Confirmed _ -> {}
            case RollbackRequestEvent.Rejected rejected ->
                line.set(
                        rejected.rollback(),
                        "declined = $3",
                        "rejected by " + rejected.rejectedBy() + ": " + rejected.reason());
            case RollbackRequestEvent.Cancelled cancelled ->
                line.set(
                        cancelled.rollback(),
                        "declined = $3",
                        "cancelled by " + cancelled.cancelledBy() + ": " + cancelled.reason());
        }
    }

    private static void add(RollbackEvent event, Line line) {
        switch (event) {
            case RollbackEvent.Planned dryRun when dryRun.onlyShown() -> {}
            case RollbackEvent.Planned planned -> {
                line.set(
                        planned.rollback(),
                        "planned_at = $3, method = $4, taken_at = $5, approval = $6, estimated_outage_ms = $7, snapshot = $8,"
                                // another plan than the one that was begun is to be approved anew
                                + " started_at = case when started_at > $3 then started_at end,"
                                + " approved_by = case when started_at > $3 then approved_by end",
                        line.time(),
                        planned.plan().method(),
                        planned.plan().takenAt().atOffset(ZoneOffset.UTC),
                        planned.plan().approval(),
                        planned.plan().estimatedOutageMillis(),
                        planned.plan().snapshot());
                line.lost(planned.rollback(), planned.plan().loss(), false);
            }
            case RollbackEvent.Started started ->
                line.set(started.rollback(), "started_at = $3, approved_by = $4", line.time(), started.approvedBy());
            case RollbackEvent.Step step when step.step().equals(DRY_RUN_ENDED) -> line.dryRunEnded(step.rollback());
            case RollbackEvent.Step step -> line.step(step.rollback(), step.step());
            case RollbackEvent.Fell fell ->
                line.step(fell.rollback(), fell.from() + " is not to be had, trying " + fell.to());
            case RollbackEvent.LossCounted counted -> line.lost(counted.rollback(), counted.loss(), true);
            case RollbackEvent.ApprovalRefused _ -> {}
            case RollbackEvent.GlassBroken broken ->
                line.step(broken.rollback(), "glass broken by " + broken.approver());
            case RollbackEvent.DeliveryHeld held -> line.step(held.rollback(), "delivery is paused still");
            case RollbackEvent.Overdue overdue -> line.step(overdue.rollback(), "overdue in " + overdue.state());
            case RollbackEvent.Unanswered unanswered -> line.step(unanswered.rollback(), "waits for people for long");
            case RollbackEvent.TargetMissed _, RollbackEvent.PostMortemDue _ -> {}
            case RollbackEvent.PostMortemDone done -> line.set(done.rollback(), "post_mortem_done = true");
            case RollbackEvent.Reopened reopened ->
                line.step(reopened.rollback(), "given up by " + reopened.approver());
        }
    }

    private static void add(RollbackOutcomeEvent event, Line line) {
        switch (event) {
            case RollbackOutcomeEvent.Completed completed -> {
                line.set(
                        completed.rollback(),
                        "outcome = 'completed', outcome_at = $3, snapshot = $4, kept_database = $5, outage_ms = $6,"
                                + " total_ms = $7, undo = $8",
                        line.time(),
                        completed.snapshot(),
                        completed.failedDatabase(),
                        completed.outageMillis(),
                        completed.totalMillis(),
                        completed.undo());
                line.lost(completed.rollback(), completed.loss(), false);
            }
            case RollbackOutcomeEvent.CompletedInPlace completed -> {
                line.set(
                        completed.rollback(),
                        "outcome = 'completed', outcome_at = $3, outage_ms = 0, total_ms = $4, undo = $5",
                        line.time(),
                        completed.totalMillis(),
                        completed.undo());
                line.lost(completed.rollback(), completed.loss(), true);
            }
            case RollbackOutcomeEvent.Moved moved ->
                line.set(
                        moved.rollback(),
                        "outcome = 'completed', outcome_at = $3, snapshot = $4, total_ms = $5, undo = $6",
                        line.time(),
                        moved.snapshot(),
                        moved.totalMillis(),
                        moved.undo());
            case RollbackOutcomeEvent.Failed failed ->
                line.set(
                        failed.rollback(),
                        "outcome = 'failed', outcome_at = $3, left_as = $4, outcome_reason = $5, next = $6",
                        line.time(),
                        failed.state(),
                        failed.reason(),
                        failed.next());
            case RollbackOutcomeEvent.Undone undone -> {
                line.set(
                        undone.rollback(),
                        "outcome = 'undone', outcome_at = $3, undoes = $4, kept_database = $5, outage_ms = $6, total_ms = $7",
                        line.time(),
                        undone.undoes(),
                        undone.keptDatabase(),
                        undone.outageMillis(),
                        undone.totalMillis());
                line.set(undone.undoes(), "undone_by = $3", undone.rollback());
            }
            case RollbackOutcomeEvent.Refused refused ->
                line.set(
                        refused.rollback(),
                        "outcome = 'refused', outcome_at = $3, outcome_reason = $4, next = $5",
                        line.time(),
                        refused.reason(),
                        refused.next());
        }
    }

    /** The writing of one event. */
    private record Line(Ledger ledger, String database, Instant at) {

        OffsetDateTime time() {
            return at.atOffset(ZoneOffset.UTC);
        }

        void set(String rollback, String assignments, @Nullable Object... values) {
            ledger.query(
                    "insert into incident (rollback, database_id, first_at) values ($1, $2, $3) on conflict (rollback)"
                            + " do update set first_at = least(incident.first_at, excluded.first_at)"
                            + " where incident.database_id = excluded.database_id",
                    rollback,
                    database,
                    time());
            @Nullable Object[] all = new @Nullable Object[values.length + 2];
            all[0] = rollback;
            all[1] = database;
            System.arraycopy(values, 0, all, 2, values.length);
            ledger.query("update incident set " + assignments + " where rollback = $1 and database_id = $2", all);
        }

        void dryRunEnded(String rollback) {
            ledger.query(
                    "update incident set outcome = 'refused', outcome_at = $3, outcome_reason = 'dry run', step = $4, step_at = $3"
                            + " where rollback = $1 and database_id = $2 and outcome is null",
                    rollback,
                    database,
                    time(),
                    DRY_RUN_ENDED);
        }

        void step(String rollback, String step) {
            set(
                    rollback,
                    "step = case when step_at > $3 then step else $4 end, step_at = greatest(step_at, $3)",
                    time(),
                    step);
        }

        void lost(String rollback, List<TableLoss> loss, boolean exact) {
            set(
                    rollback,
                    "loss = case when loss_exact and not $4 then loss else $3 end, loss_exact = loss_exact or $4",
                    json(loss),
                    exact);
        }

        void verified(@Nullable String rollback, String verdict) {
            if (rollback == null) return;
            set(
                    rollback,
                    "verification = case when verification_at > $3 then verification else $4 end,"
                            + " verification_at = greatest(verification_at, $3)",
                    time(),
                    verdict);
        }

        private static JsonArray json(List<TableLoss> loss) {
            try {
                return new JsonArray(KafkaBinding.JSON.writeValueAsString(loss));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("A loss must be writable as JSON", e);
            }
        }
    }
}
