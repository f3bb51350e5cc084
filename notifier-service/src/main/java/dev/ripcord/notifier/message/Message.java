package dev.ripcord.notifier.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to tell people. Nothing in it is escaped; each channel does that in its own way. It holds no rows and no
 * connection strings.
 *
 * @param about the event's name on the wire
 * @param rollback the rollback it is about, null where it is about none
 * @param headline one short line
 * @param facts in the order in which they matter
 * @param command what to do next, to be copied as it is; null where nothing is asked
 */
public record Message(
        String about,
        String database,
        @Nullable String rollback,
        Tone tone,
        String headline,
        List<Fact> facts,
        @Nullable String command) {

    public Message {
        facts = List.copyOf(facts);
    }

    /** The same with what to do next. */
    Message asking(String next) {
        return new Message(
                about, database, rollback, tone, headline, facts, next.isBlank() ? null : Wording.text(next));
    }

    /** How urgent it is. */
    public enum Tone {
        news,
        good,
        attention,
        alarm
    }

    /** One fact with its label. */
    public record Fact(String label, String value) {}
}
