package dev.ripcord.notifier.message;

import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import dev.ripcord.notifier.message.Messages.Facts;

/** What is said after a rollback has ended. */
final class Aftermath {

    private Aftermath() {}

    static Message targetMissed(RollbackEvent.TargetMissed event) {
        return new Facts()
                .add("Took", Wording.millis(event.tookMillis()))
                .add("Promised", Wording.millis(event.targetMillis()))
                .message(
                        "rollback.target-missed",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "Rollback of " + event.database() + ": the phase " + event.phase()
                                + " took longer than was promised")
                .as(Weight.after);
    }

    static Message postMortemDue(RollbackEvent.PostMortemDue event) {
        return new Facts()
                .add("Ended", event.endedAt().toString())
                .message(
                        "rollback.post-mortem-due",
                        event,
                        event.rollback(),
                        Tone.attention,
                        "The post-mortem of the rollback of " + event.database() + " is not done yet")
                .asking(event.next())
                .as(Weight.after);
    }

    static Message regressed(WatchEvent.Regressed event) {
        return new Facts()
                .list("Checks", Wording.checks(event.checks()))
                .message(
                        "watch.regressed",
                        event,
                        event.rollback(),
                        Tone.alarm,
                        event.database() + " is not well after its rollback")
                .asking("ripcord rollback report " + event.rollback())
                .as(Weight.after);
    }

    static Message settled(WatchEvent.Settled event) {
        return watched(
                event,
                "watch.settled",
                event.verdict(),
                event.seconds(),
                event.regressions(),
                Wording.checks(event.checks()));
    }

    static Message watched(WatchEvent.Completed event) {
        return watched(
                event,
                "watch.completed",
                event.verdict(),
                event.seconds(),
                event.regressions(),
                Wording.checks(event.checks()));
    }

    private static Message watched(
            WatchEvent event, String about, Verdict verdict, long seconds, int regressions, String checks) {
        String after = Wording.millis(seconds * 1000.0) + " after its rollback";
        return new Facts()
                .list("Not well", checks)
                .add("Regressions meanwhile", regressions == 0 ? null : String.valueOf(regressions))
                .message(
                        about,
                        event,
                        event.rollback(),
                        tone(verdict),
                        switch (verdict) {
                            case passed -> event.database() + " is well, " + after;
                            case failed -> event.database() + " is NOT well, " + after;
                            case inconclusive -> "Nobody can say whether " + event.database() + " is well, " + after;
                        })
                .as(Weight.after);
    }

    private static Tone tone(Verdict verdict) {
        return switch (verdict) {
            case passed -> Tone.good;
            case failed -> Tone.alarm;
            case inconclusive -> Tone.attention;
        };
    }
}
