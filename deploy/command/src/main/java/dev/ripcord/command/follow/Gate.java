package dev.ripcord.command.follow;

import dev.ripcord.command.follow.ServiceClient.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The gate in front of a migration: asks for a snapshot and waits until it is taken. */
public record Gate(ServiceClient snapshots) {

    private static final int WAIT_SECONDS = 30;

    /** How the gate answered. */
    public sealed interface Outcome {

        /** The migration may run. */
        record Open(String snapshot, long millis, long pauseMillis) implements Outcome {}

        /** It must not; {@code next} says what to do. */
        record Closed(String reason, String next) implements Outcome {}
    }

    /** Tells how a migration ended: {@code completed}, {@code failed}, {@code accepted}, or {@code withdrawn} unrun. */
    public Answer tell(String database, String migration, String end, @Nullable Map<String, ?> body)
            throws IOException {
        return snapshots.post(path(database, migration) + "/" + end, body);
    }

    /** Asks, and waits for as long as it takes, but not longer than the limit; then nobody waits any more. */
    public Outcome await(String database, String migration, Duration atMost) throws IOException {
        Instant limit = Instant.now().plus(atMost);
        while (true) {
            long left = Duration.between(Instant.now(), limit).toSeconds();
            Answer answer = snapshots.post(
                    path(database, migration) + "?waitSeconds=" + Math.clamp(left, 1, WAIT_SECONDS), null);
            switch (answer.status()) {
                case 200 -> {
                    return new Outcome.Open(
                            answer.text("snapshot"),
                            answer.body().path("millis").asLong(),
                            answer.body().path("pauseMillis").asLong());
                }
                case 202 -> {
                    if (left <= 0) {
                        tell(database, migration, "withdrawn", null);
                        return new Outcome.Closed(
                                "there was no answer within " + atMost.toSeconds() + " s",
                                "ask again, or give it longer");
                    }
                }
                case 409 -> {
                    return new Outcome.Closed(answer.text("reason"), answer.text("next"));
                }
                default -> {
                    String reason = answer.text("reason");
                    return new Outcome.Closed(
                            reason.isEmpty() ? "the snapshot service answered " + answer.status() : reason,
                            answer.status() == 401 ? "check the token" : answer.text("next"));
                }
            }
        }
    }

    private static String path(String database, String migration) {
        return "/gates/" + encoded(database) + "/" + encoded(migration);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
