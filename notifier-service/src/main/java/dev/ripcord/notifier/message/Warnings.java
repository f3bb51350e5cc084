package dev.ripcord.notifier.message;

import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Messages.Facts;
import java.util.Optional;

/** What is said of a rollback whose guards were met, or that does not get on. */
final class Warnings {

    private Warnings() {}

    /** Only what people would miss: a rollback that alerts did ask for is told by its request. */
    static Optional<Message> alerts(AlertEvent.Judged event) {
        return switch (event.verdict()) {
            case asked, recorded, takenBack -> Optional.empty();
            case wouldHaveAsked ->
                Optional.of(new Facts()
                        .add("Alerts", String.join(", ", event.names()))
                        .add("Migration", event.migration())
                        .add("Why", event.reason())
                        .message(
                                "alert.judged",
                                event,
                                null,
                                Tone.attention,
                                "Alerts would have asked for a rollback of " + event.database())
                        .asking("ripcord rollback request " + event.database()
                                + (event.migration() == null ? "" : " --migration " + event.migration())
                                + " --reason …"));
        };
    }

    static Message approvalRefused(RollbackEvent.ApprovalRefused event) {
        return new Facts()
                .add("By", event.approver())
                .add("Reason", event.reason())
                .message(
                        "rollback.approval-refused",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "An approval for " + event.database() + " does not count");
    }

    static Message glassBroken(RollbackEvent.GlassBroken event) {
        return new Facts()
                .add("By", event.approver())
                .add("Reason", event.reason())
                .add("Plan", event.planHash())
                .message(
                        "rollback.glass-broken",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "GLASS BROKEN: the rollback of " + event.database()
                                + " goes ahead, approved by one person alone");
    }

    static Message overdue(RollbackEvent.Overdue event) {
        String closed = event.closed() ? "; the database may be CLOSED meanwhile" : "";
        return new Facts()
                .add("State", event.state() + " since " + event.since())
                .add("It may last", event.limitSeconds() + " s")
                .message(
                        "rollback.overdue",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "Rollback of " + event.database() + " does not get on: " + event.state() + closed)
                .asking(event.next());
    }

    static Message unanswered(RollbackEvent.Unanswered event) {
        return new Facts()
                .add("Waits for", event.waitsFor())
                .add("Since", event.since().toString())
                .message(
                        "rollback.unanswered",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "NOBODY ANSWERS: the rollback of " + event.database() + " waits for people since "
                                + Wording.millis(event.limitSeconds() * 1000.0))
                .asking(event.next());
    }

    static Message deliveryHeld(RollbackEvent.DeliveryHeld event) {
        return new Facts()
                .add("Reason", event.reason())
                .message(
                        "rollback.delivery-held",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        "Delivery is STILL PAUSED after the rollback of " + event.database())
                .asking(event.next());
    }

    static Message reopened(RollbackEvent.Reopened event) {
        return new Facts()
                .add("By", event.approver())
                .add("Reason", event.reason())
                .add("Done", event.detail())
                .message(
                        "rollback.reopened",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "The rollback of " + event.database() + " was given up by a person");
    }
}
