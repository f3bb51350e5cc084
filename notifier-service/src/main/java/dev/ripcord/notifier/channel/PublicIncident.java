package dev.ripcord.notifier.channel;

import dev.ripcord.notifier.message.Message;
import java.util.Map;

/**
 * What the public is told of a rollback: that a database is being taken back, that it takes longer, how it ended. Nothing of
 * why, of who, or of what was lost.
 *
 * @param name of the incident; it ends with the rollback's id, by which it is found where a page keeps no data of ours
 */
public record PublicIncident(String rollback, String database, String name, Phase phase, String body) {

    /** Where an incident stands. */
    public enum Phase {
        /** The rollback runs: the database may be closed for a moment. */
        running,
        /** It takes longer than it may. */
        hanging,
        /** It did not work; a person has to look. */
        failed,
        /** It is over. */
        over
    }

    private static final Map<String, String> BODIES = Map.of(
            "rollback.started", "This service is being taken back to an earlier state and may be away for a moment.",
            "rollback.overdue", "Taking this service back takes longer than expected. People are looking into it.",
            "rollback.failed", "Taking this service back did not work. People are looking into it.",
            "rollback.refused", "This service was not taken back; nothing was changed.",
            "rollback.undone", "This service is as it was before it was taken back.");

    private static final String BACK = "This service is back at an earlier state and open.";

    /** What the public is told of a message about a rollback. */
    public static PublicIncident of(Message message) {
        String rollback = message.rollback() == null ? "" : message.rollback();
        return new PublicIncident(
                rollback,
                message.database(),
                message.database() + " is taken back to an earlier state (" + rollback + ")",
                phase(message.about()),
                BODIES.getOrDefault(message.about(), BACK));
    }

    private static Phase phase(String about) {
        return switch (about) {
            case "rollback.started" -> Phase.running;
            case "rollback.overdue" -> Phase.hanging;
            case "rollback.failed" -> Phase.failed;
            default -> Phase.over;
        };
    }
}
