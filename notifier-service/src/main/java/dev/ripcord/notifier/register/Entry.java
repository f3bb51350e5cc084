package dev.ripcord.notifier.register;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message to one channel.
 *
 * @param id of the message, which a subscriber gets as {@code webhook-id}
 * @param about the event's name on the wire
 * @param state {@code pending}, {@code delivered} or {@code given-up}
 * @param attempts how many were made
 * @param problem what the channel said last, null where it took the message or was not asked yet
 * @param recorded when it was recorded, or a person had it sent again
 * @param since when it got into this state
 * @param next when it is tried next, null where it is not
 */
record Entry(
        String id,
        String database,
        String channel,
        @Nullable String rollback,
        String about,
        String state,
        int attempts,
        @Nullable String problem,
        Instant recorded,
        Instant since,
        @Nullable Instant next) {

    /** The states as they are asked for, and as they are stored. */
    static final Map<String, String> STATES =
            Map.of("pending", "Pending", "delivered", "Delivered", "given-up", "GivenUp");

    static Entry of(Row row) {
        JsonObject document = row.getJsonObject("document");
        JsonObject message = document.getJsonObject("message");
        String problem = document.getString("problem", document.getString("reason"));
        String stored = row.getString("state");
        String state = STATES.entrySet().stream()
                .filter(each -> each.getValue().equals(stored))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(stored);
        return new Entry(
                row.getString("id"),
                row.getString("database_id"),
                row.getString("channel"),
                row.getString("rollback"),
                message == null ? document.getString("about") : message.getString("about"),
                state,
                document.getInteger("attempts"),
                problem == null || problem.isEmpty() ? null : problem,
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("state_since").toInstant(),
                row.getBoolean("finished")
                        ? null
                        : row.getOffsetDateTime("due_at").toInstant());
    }
}
