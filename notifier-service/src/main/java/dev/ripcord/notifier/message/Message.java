package dev.ripcord.notifier.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell people. Nothing in it is escaped; each channel does that in its own way. It holds no rows and no
 * connection strings.
 *
 * @param about the event's name on the wire
 * @param weight how much of a channel it may take
 * @param rollback the rollback it is about, null where it is about none
 * @param headline one short line
 * @param facts in the order in which they matter
 * @param command what to do next, to be copied as it is; null where nothing is asked
 * @param ask the plan that waits for people's approval; null where none does
 */
public record Message(
        String about,
        String database,
        @Nullable String rollback,
        Tone tone,
        Weight weight,
        String headline,
        List<Fact> facts,
        @Nullable String command,
        @Nullable Ask ask) {

    public Message {
        facts = List.copyOf(facts);
    }

    /** About nothing that waits for approval. */
    public Message(
            String about,
            String database,
            @Nullable String rollback,
            Tone tone,
            Weight weight,
            String headline,
            List<Fact> facts,
            @Nullable String command) {
        this(about, database, rollback, tone, weight, headline, facts, command, null);
    }

    /**
     * A plan that waits for approval.
     *
     * @param planHash what an approval names
     */
    public record Ask(String planHash) {}

    /** The same with the plan that waits for approval, or without it. */
    public Message with(@Nullable Ask other) {
        return new Message(about, database, rollback, tone, weight, headline, facts, command, other);
    }

    /** The same with what to do next. */
    Message asking(String next) {
        String command = next.isBlank() ? null : Wording.text(next);
        return new Message(about, database, rollback, tone, weight, headline, facts, command, ask);
    }

    /** The same with another weight. */
    Message as(Weight other) {
        return new Message(about, database, rollback, tone, other, headline, facts, command, ask);
    }

    /** The same in other words; where {@code body} is empty, the facts stay. */
    public Message worded(String otherHeadline, String body) {
        List<Fact> said = body.isEmpty() ? facts : List.of(new Fact("", body));
        return new Message(about, database, rollback, tone, weight, otherHeadline, said, command, ask);
    }

    /** Whether everybody in a channel is to see it, and not only those who follow the rollback. */
    public boolean loud() {
        return weight == Weight.outcome || tone == Tone.alarm;
    }

    /** How urgent it is. */
    public enum Tone {
        news,
        good,
        attention,
        alarm
    }

    /** How much of a channel it may take. */
    public enum Weight {
        /** A rollback has ended. */
        outcome,
        /** Worth a message. */
        notice,
        /** Worth a message, of a rollback that has ended: how it ended stays what is seen first. */
        after,
        /** Worth a line where there are threads, and nothing elsewhere. */
        detail,
        /** Worth a line where there are threads; and it ends the alarm that delivery is still held. */
        resumed,
        /** For a list of changes, where a channel keeps one. */
        change,
        /** Nothing to tell, but the end of a dry run: what a channel may have opened for it is closed. */
        closing
    }

    /** One fact with its label; text that stands by itself has an empty one. */
    public record Fact(String label, String value) {}
}
