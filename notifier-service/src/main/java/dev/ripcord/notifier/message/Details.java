package dev.ripcord.notifier.message;

import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import dev.ripcord.notifier.message.Messages.Facts;

/** What is said only to those who follow closely: the steps of a rollback, and what changed before one. */
final class Details {

    private Details() {}

    private static final String DRY_RUN_ENDED = "dry-run-ended";
    private static final String RESUMED = "delivery-resumed";

    static Message step(RollbackEvent.Step event) {
        return new Facts()
                .add("Took", Wording.millis(event.millis()))
                .add("Done", event.detail())
                .message("rollback.step", event, event.rollback(), Tone.news, event.database() + ": " + event.step())
                .as(weight(event.step()));
    }

    private static Weight weight(String step) {
        return switch (step) {
            case DRY_RUN_ENDED -> Weight.closing;
            case RESUMED -> Weight.resumed;
            default -> Weight.detail;
        };
    }

    static Message fell(RollbackEvent.Fell event) {
        return new Facts()
                .add("Reason", event.reason())
                .message(
                        "rollback.fell",
                        event,
                        event.rollback(),
                        Tone.news,
                        event.database() + ": " + event.from() + " is not to be had, trying " + event.to())
                .as(Weight.detail);
    }

    static Message migrationStarted(MigrationEvent.Started event) {
        return new Facts()
                .add("Migration", event.migration())
                .add("Requested by", event.requestedBy())
                .message("migration.started", event, null, Tone.news, "Migration of " + event.database() + " started")
                .as(Weight.change);
    }

    static Message migrationCompleted(MigrationEvent.Completed event) {
        return new Facts()
                .add("Migration", event.migration())
                .message(
                        "migration.completed",
                        event,
                        null,
                        Tone.news,
                        "Migration of " + event.database() + " completed")
                .as(Weight.change);
    }

    static Message migrationFailed(MigrationEvent.Failed event) {
        return new Facts()
                .add("Migration", event.migration())
                .add("Reason", event.reason())
                .message("migration.failed", event, null, Tone.news, "Migration of " + event.database() + " failed")
                .as(Weight.change);
    }
}
