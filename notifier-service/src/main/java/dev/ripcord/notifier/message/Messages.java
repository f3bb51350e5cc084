package dev.ripcord.notifier.message;

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
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.notifier.message.Message.Fact;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which events are worth telling, and what is said of each. */
public final class Messages {

    private final String controlAddress;

    /** Messages that name this address of the rollback service where an answer is asked for. */
    public Messages(String controlAddress) {
        this.controlAddress = controlAddress.replaceAll("/+$", "");
    }

    /** What to say of an event, if anything. */
    public Optional<Message> about(RipcordEvent event) {
        return switch (event) {
            case RollbackRequestEvent.Requested requested -> requested(requested);
            case RollbackEvent.Planned planned -> planned(planned);
            case RollbackEvent.Started started -> Optional.of(started(started));
            case RollbackEvent.ApprovalRefused refused -> Optional.of(Warnings.approvalRefused(refused));
            case RollbackEvent.GlassBroken broken -> Optional.of(Warnings.glassBroken(broken));
            case RollbackEvent.Overdue overdue -> Optional.of(Warnings.overdue(overdue));
            case RollbackEvent.Unanswered unanswered -> Optional.of(Warnings.unanswered(unanswered));
            case RollbackEvent.TargetMissed missed -> Optional.of(Aftermath.targetMissed(missed));
            case RollbackEvent.PostMortemDue due -> Optional.of(Aftermath.postMortemDue(due));
            case WatchEvent.Regressed regressed -> Optional.of(Aftermath.regressed(regressed));
            case WatchEvent.Settled settled -> Optional.of(Aftermath.settled(settled));
            case WatchEvent.Completed completed -> Optional.of(Aftermath.watched(completed));
            case RollbackEvent.DeliveryHeld held -> Optional.of(Warnings.deliveryHeld(held));
            case RollbackEvent.Reopened reopened -> Optional.of(Warnings.reopened(reopened));
            case RollbackEvent.LossCounted counted -> Optional.of(counted(counted));
            case RollbackOutcomeEvent.Completed completed ->
                Optional.of(completed(completed).as(Weight.outcome));
            case RollbackOutcomeEvent.CompletedInPlace completed ->
                Optional.of(completedInPlace(completed).as(Weight.outcome));
            case RollbackOutcomeEvent.Moved moved -> Optional.of(moved(moved).as(Weight.outcome));
            case RollbackOutcomeEvent.Failed failed ->
                Optional.of(failed(failed).as(Weight.outcome));
            case RollbackOutcomeEvent.Undone undone ->
                Optional.of(undone(undone).as(Weight.outcome));
            case RollbackOutcomeEvent.Refused refused ->
                Optional.of(refused(refused).as(Weight.outcome));
            case AlertEvent.Judged judged -> Warnings.alerts(judged);
            case SnapshotEvent.Failed failed -> Optional.of(snapshotFailed(failed));
            case VerificationEvent.Failed failed -> Optional.of(verificationFailed(failed));
            case VerificationEvent.Inconclusive inconclusive -> Optional.of(inconclusive(inconclusive));
            case RollbackEvent.Step step -> Optional.of(Details.step(step));
            case RollbackEvent.Fell fell -> Optional.of(Details.fell(fell));
            case MigrationEvent.Started started -> Optional.of(Details.migrationStarted(started));
            case MigrationEvent.Completed completed -> Optional.of(Details.migrationCompleted(completed));
            case MigrationEvent.Failed failed -> Optional.of(Details.migrationFailed(failed));
            case RollbackRequestEvent.Approved _,
                    RollbackRequestEvent.Confirmed _,
                    RollbackRequestEvent.Rejected _,
                    RollbackRequestEvent.Cancelled _ -> Optional.empty();
            case RollbackRequestEvent.ReopenAsked _, RollbackEvent.PostMortemDone _ -> Optional.empty();
            case SnapshotEvent.Started _, SnapshotEvent.Completed _, SnapshotEvent.Proven _, SnapshotEvent.Expired _ ->
                Optional.empty();
            case VerificationEvent.Requested _, VerificationEvent.Passed _ -> Optional.empty();
            case MigrationEvent.SessionEnded _, MigrationEvent.Accepted _ -> Optional.empty();
            case DeploymentEvent _, RestoreEvent _, NotificationEvent _ -> Optional.empty();
        };
    }

    /** A dry run is between Ripcord and whoever asked: nobody else hears of it. */
    private static Optional<Message> requested(RollbackRequestEvent.Requested event) {
        if (event.way() != null && event.way().dryRun()) return Optional.empty();
        Facts facts = new Facts()
                .add("Reason", event.reason())
                .add("Requested by", event.requestedBy())
                .add("Migration", event.migration())
                .add("Snapshot", event.snapshot())
                .add("Takes back rollback", event.undoes());
        String what = event.undoes() == null ? "Rollback" : "Undo of a rollback";
        return Optional.of(facts.message(
                "rollback.requested",
                event,
                event.rollback(),
                Tone.attention,
                what + " of " + event.database() + " requested"));
    }

    private Optional<Message> planned(RollbackEvent.Planned event) {
        Plan plan = event.plan();
        if (event.onlyShown() || plan.approval().equals("automatic")) return Optional.empty();
        Facts facts = new Facts()
                .add("Back to", plan.takenAt() + (plan.proven() ? ", proven" : ", NOT proven"))
                .list("Rows that will be lost", Wording.loss(plan.method(), plan.loss()))
                .add("Also gone, or back again", alsoChanged(plan.losses()))
                .add("Expected outage", Wording.millis(plan.estimatedOutageMillis()))
                .add("Policy", plan.advice() == null ? null : plan.advice().decision())
                .add("Stopped by", kinds(plan, true))
                .add("Mind", kinds(plan, false))
                .add("Plan", plan.hash());
        if (plan.word() != null) facts.add("To approve, the word must be typed", plan.word());
        return Optional.of(facts.message(
                        "rollback.planned",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "Rollback of " + event.database() + " waits for approval")
                .asking(approval(event))
                .with(new Message.Ask(plan.hash())));
    }

    private static @Nullable String alsoChanged(Plan.Losses losses) {
        if (losses.vanishing().isEmpty() && losses.returning().isEmpty()) return null;
        return losses.vanishing().size() + " tables, columns and other objects vanish, "
                + losses.returning().size() + " things come back: see ripcord rollback show";
    }

    private static @Nullable String kinds(Plan plan, boolean stopping) {
        String kinds = plan.obstacles().stream()
                .filter(each -> each.stops() == stopping)
                .map(Plan.Obstacle::kind)
                .distinct()
                .collect(Collectors.joining(", "));
        return kinds.isEmpty() ? null : kinds;
    }

    private String approval(RollbackEvent.Planned event) {
        String word = event.plan().word();
        return "curl -X POST -H \"Authorization: Bearer $RIPCORD_TOKEN\" -H 'Content-Type: application/json' -d '{\"planHash\":\""
                + event.plan().hash() + "\"" + (word == null ? "" : ",\"word\":\"" + word + "\"") + "}' "
                + controlAddress
                + "/rollbacks/" + event.rollback() + "/approve";
    }

    private static Message started(RollbackEvent.Started event) {
        return new Facts()
                .add("Approved by", event.approvedBy())
                .message(
                        "rollback.started",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "Rollback of " + event.database() + " started");
    }

    private static Message counted(RollbackEvent.LossCounted event) {
        return new Facts()
                .list("Lost", Wording.loss(event.loss()))
                .message(
                        "rollback.loss-counted",
                        event,
                        event.rollback(),
                        Tone.news,
                        "What the rollback of " + event.database() + " lost, counted row by row")
                .as(Weight.after);
    }

    private static Message completed(RollbackOutcomeEvent.Completed event) {
        return new Facts()
                .add("Outage", Wording.millis(event.outageMillis()))
                .add("From request to here", Wording.millis(event.totalMillis()))
                .list("Lost", Wording.loss(event.loss()))
                .add("On the database itself", String.join("; ", event.properties()))
                .add("The failed database is kept as", event.failedDatabase())
                .add("Approved by one alone", event.glassBroken())
                .message(
                        "rollback.completed",
                        event,
                        event.rollback(),
                        Tone.good,
                        event.database() + " is back at its snapshot and open")
                .asking(event.undo());
    }

    private static Message completedInPlace(RollbackOutcomeEvent.CompletedInPlace event) {
        return new Facts()
                .add("How", event.method())
                .add("From request to here", Wording.millis(event.totalMillis()))
                .list("Lost", Wording.loss(event.method(), event.loss()))
                .add("Snapshot taken just before", event.emergencySnapshot())
                .add("Approved by one alone", event.glassBroken())
                .message(
                        "rollback.completed-in-place",
                        event,
                        event.rollback(),
                        Tone.good,
                        event.database() + " was put right where it stands")
                .asking(event.undo());
    }

    private static Message moved(RollbackOutcomeEvent.Moved event) {
        return new Facts()
                .add("It is at", event.connection())
                .add("The old one is at", event.oldConnection() + (event.oldClosed() ? ", closed" : ", open"))
                .add("From request to here", Wording.millis(event.totalMillis()))
                .add("Did not come along", String.join("; ", event.notBrought()))
                .message(
                        "rollback.moved",
                        event,
                        event.rollback(),
                        Tone.good,
                        event.database() + " is back at its snapshot, on its second server")
                .asking(event.undo());
    }

    private static Message failed(RollbackOutcomeEvent.Failed event) {
        return new Facts()
                .add("Reason", event.reason())
                .add("The database stands", event.state())
                .add("Approved by one alone", event.glassBroken())
                .message(
                        "rollback.failed",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "Rollback of " + event.database() + " failed")
                .asking(event.next());
    }

    private static Message undone(RollbackOutcomeEvent.Undone event) {
        return new Facts()
                .add("Outage", Wording.millis(event.outageMillis()))
                .add("Rollback taken back", event.undoes())
                .add("The other database is kept as", event.keptDatabase())
                .add("Approved by one alone", event.glassBroken())
                .message(
                        "rollback.undone",
                        event,
                        event.rollback(),
                        Tone.good,
                        "Rollback of " + event.database() + " taken back: the database from before it is live again");
    }

    private static Message refused(RollbackOutcomeEvent.Refused event) {
        return new Facts()
                .add("Reason", event.reason())
                .message(
                        "rollback.refused",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "Rollback of " + event.database() + " refused, nothing was changed")
                .asking(event.next());
    }

    private static Message snapshotFailed(SnapshotEvent.Failed event) {
        return new Facts()
                .add("Reason", event.reason())
                .add("Migration", event.migration() + ", which must not run")
                .message(
                        "snapshot.failed",
                        event,
                        null,
                        Tone.alarm,
                        "No snapshot of " + event.database() + ": the gate stays closed")
                .asking(event.next());
    }

    private static Message verificationFailed(VerificationEvent.Failed event) {
        return new Facts()
                .list("Checks", Wording.checks(event.checks()))
                .add("Verification", event.verification())
                .message(
                        "verification.failed",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        event.database() + " is not what it should be");
    }

    private static Message inconclusive(VerificationEvent.Inconclusive event) {
        return new Facts()
                .list("Checks", Wording.checks(event.checks()))
                .add("Verification", event.verification())
                .message(
                        "verification.inconclusive",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "Nobody can say whether " + event.database() + " is what it should be");
    }

    /** The facts of one message, those that are not there left out. */
    static final class Facts {
        private final List<Fact> facts = new ArrayList<>();

        Facts add(String label, @Nullable String value) {
            if (value != null && !value.isBlank()) facts.add(new Fact(label, Wording.line(value)));
            return this;
        }

        /** A list of ours, one thing in each line. */
        Facts list(String label, String lines) {
            if (!lines.isBlank()) facts.add(new Fact(label, Wording.text(lines)));
            return this;
        }

        Message message(String about, RipcordEvent event, @Nullable String rollback, Tone tone, String headline) {
            return new Message(about, event.database(), rollback, tone, Weight.notice, headline, facts, null);
        }
    }
}
