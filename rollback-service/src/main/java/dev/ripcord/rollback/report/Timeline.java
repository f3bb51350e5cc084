package dev.ripcord.rollback.report;

import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What happened when: a line for each event that says something to people. */
final class Timeline {

    private Timeline() {}

    /** Time, time since the beginning, what happened. */
    static List<List<String>> of(Story story) {
        return story.told().stream()
                .flatMap(told -> words(told.event()).stream()
                        .map(words -> List.of(
                                Wording.time(told.at()),
                                "+" + Wording.millis(Duration.between(story.began(), told.at())),
                                words)))
                .toList();
    }

    private static Optional<String> words(RipcordEvent event) {
        return switch (event) {
            case RollbackRequestEvent request -> Optional.of(words(request));
            case RollbackEvent progress -> Optional.of(words(progress));
            case RollbackOutcomeEvent outcome -> Optional.of(words(outcome));
            case VerificationEvent verification -> words(verification);
            case WatchEvent watch -> Optional.of(words(watch));
            case RestoreEvent restore -> words(restore);
            case AlertEvent.Judged judged ->
                Optional.of("Alerts were judged (" + String.join(", ", judged.names()) + "): " + judged.reason());
            case MigrationEvent _, DeploymentEvent _, SnapshotEvent _, NotificationEvent _ -> Optional.empty();
        };
    }

    private static String words(RollbackRequestEvent event) {
        return switch (event) {
            case RollbackRequestEvent.Requested asked ->
                (Boolean.TRUE.equals(asked.automatic()) ? "Asked for, without a person, by " : "Asked for by ")
                        + asked.requestedBy() + ": " + asked.reason();
            case RollbackRequestEvent.Approved approved ->
                approved.glassBroken() == null
                        ? "Approved by " + approved.approver()
                        : "Glass broken by " + approved.approver() + ": " + approved.glassBroken();
            case RollbackRequestEvent.Confirmed confirmed ->
                confirmed.confirmedBy() + " confirmed that the application is pointed to the second server";
            case RollbackRequestEvent.Rejected rejected ->
                "Rejected by " + rejected.rejectedBy() + ": " + rejected.reason();
            case RollbackRequestEvent.ReopenAsked asked ->
                asked.approver() + " asked to have the live database opened again: " + asked.reason();
            case RollbackRequestEvent.Cancelled cancelled ->
                "Cancelled by " + cancelled.cancelledBy() + ": " + cancelled.reason();
        };
    }

    private static String words(RollbackEvent event) {
        return switch (event) {
            case RollbackEvent.Planned planned ->
                "Planned: " + planned.plan().method() + ", back to "
                        + Wording.time(planned.plan().takenAt()) + ", plan "
                        + planned.plan().hash();
            case RollbackEvent.ApprovalRefused refused ->
                "An approval by " + refused.approver() + " does not count: " + refused.reason();
            case RollbackEvent.GlassBroken broken ->
                broken.approver() + " alone approved what several must: " + broken.reason();
            case RollbackEvent.Started started -> "Begun, approved by " + started.approvedBy();
            case RollbackEvent.Step step ->
                "Step " + step.step() + " (" + Wording.millis(step.millis()) + "): " + step.detail();
            case RollbackEvent.Fell fell ->
                fell.from() + " was not to be had, " + fell.to() + " was tried: " + fell.reason();
            case RollbackEvent.Overdue overdue ->
                "OVERDUE in " + overdue.state() + (overdue.closed() ? ", the database may have been closed" : "");
            case RollbackEvent.DeliveryHeld held -> "DELIVERY STILL PAUSED: " + held.reason();
            case RollbackEvent.Unanswered unanswered -> "UNANSWERED: it waited for " + unanswered.waitsFor();
            case RollbackEvent.TargetMissed missed ->
                "TARGET MISSED: " + missed.phase() + " took " + Wording.millis(missed.tookMillis()) + " of "
                        + Wording.millis(missed.targetMillis());
            case RollbackEvent.PostMortemDue _ -> "The post-mortem was due";
            case RollbackEvent.PostMortemDone done -> done.doneBy() + " said that the post-mortem is done";
            case RollbackEvent.Reopened reopened -> "Given up by " + reopened.approver() + ": " + reopened.detail();
            case RollbackEvent.LossCounted _ -> "What was lost was counted row by row";
        };
    }

    private static String words(RollbackOutcomeEvent event) {
        return switch (event) {
            case RollbackOutcomeEvent.Completed _ -> "COMPLETED";
            case RollbackOutcomeEvent.CompletedInPlace done ->
                "COMPLETED where the database stands: " + String.join("; ", done.changes());
            case RollbackOutcomeEvent.Moved moved -> "COMPLETED on the second server, " + moved.connection();
            case RollbackOutcomeEvent.Failed failed -> "FAILED: " + failed.reason();
            case RollbackOutcomeEvent.Undone undone -> "UNDONE: rollback " + undone.undoes() + " is taken back";
            case RollbackOutcomeEvent.Refused refused -> "REFUSED: " + refused.reason();
        };
    }

    private static Optional<String> words(VerificationEvent event) {
        return switch (event) {
            case VerificationEvent.Requested _ -> Optional.empty();
            case VerificationEvent.Passed passed ->
                Optional.of("Verification passed, " + passed.checks().size() + " checks");
            case VerificationEvent.Failed failed -> Optional.of("Verification FAILED: " + Wording.bad(failed.checks()));
            case VerificationEvent.Inconclusive open ->
                Optional.of("Verification inconclusive: " + Wording.bad(open.checks()));
        };
    }

    private static String words(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Regressed regressed -> "REGRESSED afterwards: " + Wording.bad(regressed.checks());
            case WatchEvent.Settled settled ->
                "The close watch is over: " + settled.verdict() + ", " + settled.looks() + " looks";
            case WatchEvent.Completed completed ->
                "The long watch is over: " + completed.verdict() + ", " + completed.looks() + " looks, "
                        + completed.regressions() + " regressions";
        };
    }

    private static Optional<String> words(RestoreEvent event) {
        return switch (event) {
            case RestoreEvent.Requested _, RestoreEvent.Progressed _ -> Optional.empty();
            case RestoreEvent.Completed done ->
                Optional.of(
                        "A copy was restored as " + done.shadow().name() + " (" + Wording.millis(done.millis()) + ")");
            case RestoreEvent.Failed failed -> Optional.of("A copy could not be restored: " + failed.reason());
        };
    }
}
