package dev.ripcord.command.follow;

import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.WatchEvent;
import java.util.List;
import java.util.stream.Collectors;

/** What an event says, in one line for people. */
public final class EventLine {

    private EventLine() {}

    public static String of(RipcordEvent event) {
        return switch (event) {
            case DeploymentEvent deployment -> deployment.deployment();
            case MigrationEvent migration -> migration.migration();
            case SnapshotEvent snapshot -> of(snapshot);
            case RollbackRequestEvent request -> of(request);
            case RestoreEvent restore -> of(restore);
            case RollbackEvent rollback -> of(rollback);
            case RollbackOutcomeEvent outcome -> of(outcome);
            case VerificationEvent verification -> of(verification);
            case WatchEvent watch -> of(watch);
            case NotificationEvent notification -> of(notification);
            case AlertEvent.Judged judged ->
                judged.verdict() + ": " + String.join(", ", judged.names()) + ": " + judged.reason();
        };
    }

    private static String of(SnapshotEvent event) {
        return switch (event) {
            case SnapshotEvent.Started started -> started.snapshot() + " before " + started.migration();
            case SnapshotEvent.Completed done ->
                megabytes(done.bytes()) + " in " + done.millis() + " ms, the application waited " + done.pauseMillis()
                        + " ms";
            case SnapshotEvent.Proven proven ->
                "restored into " + proven.shadow().name() + " and found equal, " + proven.millis() + " ms";
            case SnapshotEvent.Failed failed -> failed.reason();
            case SnapshotEvent.Expired expired -> expired.reason();
        };
    }

    private static String of(RollbackRequestEvent event) {
        return switch (event) {
            case RollbackRequestEvent.Requested asked -> asked.rollback() + ": " + asked.reason();
            case RollbackRequestEvent.Approved approved -> "by " + approved.approver();
            case RollbackRequestEvent.ReopenAsked asked -> "by " + asked.approver() + ": " + asked.reason();
            case RollbackRequestEvent.Confirmed confirmed -> "by " + confirmed.confirmedBy();
            case RollbackRequestEvent.Rejected rejected -> rejected.reason();
            case RollbackRequestEvent.Cancelled cancelled -> cancelled.reason();
        };
    }

    private static String of(RestoreEvent event) {
        return switch (event) {
            case RestoreEvent.Requested asked -> asked.restore();
            case RestoreEvent.Progressed at ->
                at.phase() + ", " + at.done() + " of " + at.total() + ", " + at.percent() + " %";
            case RestoreEvent.Completed done -> done.shadow().name() + ", " + done.millis() + " ms";
            case RestoreEvent.Failed failed -> failed.reason();
        };
    }

    private static String of(RollbackEvent event) {
        return switch (event) {
            case RollbackEvent.Planned planned ->
                planned.plan().method() + ", snapshot of " + planned.plan().takenAt() + ", "
                        + (planned.plan().warmShadow() ? "shadow ready" : "shadow to be restored first") + ", about "
                        + planned.plan().estimatedOutageMillis() + " ms outage, approval "
                        + planned.plan().approval() + stopped(planned.plan());
            case RollbackEvent.ApprovalRefused refused -> refused.approver() + ": " + refused.reason();
            case RollbackEvent.GlassBroken broken -> "by " + broken.approver() + ": " + broken.reason();
            case RollbackEvent.DeliveryHeld held -> held.reason() + ", next: " + held.next();
            case RollbackEvent.Overdue overdue ->
                overdue.state() + " since " + overdue.since() + ", next: " + overdue.next();
            case RollbackEvent.Unanswered unanswered -> "waits for " + unanswered.waitsFor();
            case RollbackEvent.TargetMissed missed ->
                "%s took %.0f ms of %.0f".formatted(missed.phase(), missed.tookMillis(), missed.targetMillis());
            case RollbackEvent.PostMortemDue due -> "next: " + due.next();
            case RollbackEvent.PostMortemDone done -> "by " + done.doneBy();
            case RollbackEvent.Reopened reopened -> "by " + reopened.approver() + ": " + reopened.detail();
            case RollbackEvent.Started started -> "approved by " + started.approvedBy();
            case RollbackEvent.Step step -> step.step() + ", " + step.millis() + " ms: " + step.detail();
            case RollbackEvent.Fell fell ->
                fell.from() + " is not to be had, " + fell.to() + " is next: " + fell.reason();
            case RollbackEvent.LossCounted counted -> loss(counted.loss()) + " (" + counted.millis() + " ms)";
        };
    }

    private static String of(RollbackOutcomeEvent event) {
        return switch (event) {
            case RollbackOutcomeEvent.Completed done ->
                "%.1f ms closed, %d ms in all, the failed database is kept as %s"
                        .formatted(done.outageMillis(), done.totalMillis(), done.failedDatabase());
            case RollbackOutcomeEvent.CompletedInPlace done ->
                done.method() + ", " + done.totalMillis() + " ms in all: " + String.join("; ", done.changes());
            case RollbackOutcomeEvent.Moved moved ->
                "open at " + moved.connection() + ", " + moved.totalMillis() + " ms";
            case RollbackOutcomeEvent.Failed failed -> failed.state() + ": " + failed.reason();
            case RollbackOutcomeEvent.Undone undone ->
                "%.1f ms closed, what was live is kept as %s".formatted(undone.outageMillis(), undone.keptDatabase());
            case RollbackOutcomeEvent.Refused refused -> refused.reason();
        };
    }

    private static String of(VerificationEvent event) {
        return switch (event) {
            case VerificationEvent.Requested asked -> "against the manifest of " + asked.snapshot();
            case VerificationEvent.Passed passed -> checks(passed.checks());
            case VerificationEvent.Failed failed -> checks(failed.checks());
            case VerificationEvent.Inconclusive open -> checks(open.checks());
        };
    }

    private static String of(WatchEvent event) {
        return switch (event) {
            case WatchEvent.Regressed regressed -> checks(regressed.checks());
            case WatchEvent.Settled settled -> settled.verdict() + " after " + settled.seconds() + " s";
            case WatchEvent.Completed done ->
                done.verdict() + " after " + done.seconds() + " s, " + done.regressions() + " regressions";
        };
    }

    private static String of(NotificationEvent event) {
        return switch (event) {
            case NotificationEvent.Delivered delivered -> delivered.channel() + ": " + delivered.about();
            case NotificationEvent.Failed failed -> failed.channel() + ": " + failed.reason();
        };
    }

    private static String stopped(Plan plan) {
        return plan.obstacles().stream()
                .filter(Plan.Obstacle::stops)
                .map(each -> ", stopped by a " + each.kind())
                .distinct()
                .collect(Collectors.joining());
    }

    /** What was lost per table, those with most first. */
    public static String loss(List<TableLoss> loss) {
        if (loss.isEmpty()) return "nothing";
        return loss.stream()
                .sorted((one, other) -> Long.compare(other.inserted(), one.inserted()))
                .map(table -> table.table() + " +" + table.inserted() + " ~" + table.updated() + " -" + table.deleted())
                .collect(Collectors.joining(", "));
    }

    private static String checks(List<CheckResult> checks) {
        return checks.stream()
                .map(check -> check.check() + " " + check.verdict()
                        + check.findings().stream()
                                .limit(1)
                                .map(finding -> " (" + finding.subject() + ": " + finding.found() + ")")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(", "));
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
