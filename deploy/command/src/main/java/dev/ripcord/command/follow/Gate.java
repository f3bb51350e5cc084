package dev.ripcord.command.follow;

import dev.ripcord.command.follow.ServiceClient.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The gate in front of a migration: asks for a snapshot and waits until it is taken. */
public record Gate(ServiceClient snapshots) {

    private static final int WAIT_SECONDS = 30;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

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

    /** Asks and waits, telling nobody meanwhile. */
    public Outcome await(String database, String migration, Duration atMost) {
        return await(database, migration, atMost, heard -> {});
    }

    /**
     * Asks, and waits for as long as it takes, but not longer than the limit; then nobody waits any more. A service that is
     * away for a moment is asked again.
     *
     * @param heard of what keeps it waiting, in words
     */
    public Outcome await(String database, String migration, Duration atMost, Consumer<String> heard) {
        Instant limit = Instant.now().plus(atMost);
        while (true) {
            long left = Duration.between(Instant.now(), limit).toSeconds();
            Optional<Answer> answer = ask(database, migration, Math.clamp(left, 1, WAIT_SECONDS), heard);
            if (answer.isEmpty() || answer.get().status() == 202) {
                if (left <= 0) return withdrawn(database, migration, atMost);
                if (answer.isEmpty()) LockSupport.parkNanos(ASK_AGAIN.toNanos());
            } else {
                return outcome(answer.get());
            }
        }
    }

    /** Empty where there was no answer, or one that passes. */
    private Optional<Answer> ask(String database, String migration, long seconds, Consumer<String> heard) {
        try {
            Answer answer = snapshots.post(path(database, migration) + "?waitSeconds=" + seconds, null);
            if (answer.status() != 429 && answer.status() < 500) return Optional.of(answer);
            heard.accept("the snapshot service answered " + answer.status() + ", asking again");
        } catch (IOException e) {
            heard.accept("no answer of the snapshot service (" + e + "), asking again");
        }
        return Optional.empty();
    }

    private Outcome withdrawn(String database, String migration, Duration atMost) {
        String next = "ask again, or give it longer";
        try {
            tell(database, migration, "withdrawn", null);
        } catch (IOException e) {
            next = "is the snapshot service running, and --server right?";
        }
        return new Outcome.Closed("there was no answer within " + atMost.toSeconds() + " s", next);
    }

    private static Outcome outcome(Answer answer) {
        return switch (answer.status()) {
            case 200 ->
                answer.text("gate").equals("open") && !answer.text("snapshot").isEmpty()
                        ? new Outcome.Open(
                                answer.text("snapshot"),
                                answer.body().path("millis").asLong(),
                                answer.body().path("pauseMillis").asLong())
                        : new Outcome.Closed("that is no answer of the snapshot service", "check --server");
            case 409 -> new Outcome.Closed(answer.text("reason"), answer.text("next"));
            default -> {
                String reason = answer.text("reason");
                yield new Outcome.Closed(
                        reason.isEmpty() ? "the snapshot service answered " + answer.status() : reason,
                        answer.status() == 401 ? "check the token" : answer.text("next"));
            }
        };
    }

    private static String path(String database, String migration) {
        return "/gates/" + encoded(database) + "/" + encoded(migration);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
