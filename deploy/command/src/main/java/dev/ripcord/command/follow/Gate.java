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

    /** Tells it of the run that waited for this snapshot, and not of the newest. */
    public Answer tellOf(String snapshot, String database, String migration, String end, @Nullable Map<String, ?> body)
            throws IOException {
        return snapshots.post(path(database, migration) + "/" + end + "?snapshot=" + encoded(snapshot), body);
    }

    /** Asks and waits, telling nobody meanwhile. */
    public Outcome await(String database, String migration, Duration atMost) {
        return await(database, migration, atMost, heard -> {});
    }

    /**
     * Asks, and waits for as long as it takes, but not longer than the limit; then nobody waits any more. A service that is
     * away for a moment is asked again. Where the answer is a refusal, nobody waits for what was asked for before; of a run that
     * another has asked for and may be at, nothing is told.
     *
     * @param heard of what keeps it waiting, in words
     */
    public Outcome await(String database, String migration, Duration atMost, Consumer<String> heard) {
        Instant limit = Instant.now().plus(atMost);
        boolean asked = false;
        while (true) {
            long left = Duration.between(Instant.now(), limit).toSeconds();
            Optional<Answer> answer = ask(database, migration, Math.clamp(left, 1, WAIT_SECONDS), heard);
            if (answer.isEmpty() || answer.get().status() == 202) {
                asked |= answer.isPresent();
                if (left <= 0) {
                    String late = "there was no answer within " + atMost.toSeconds() + " s";
                    return withdrawn(
                            database, migration, asked, new Outcome.Closed(late, "ask again, or give it longer"));
                }
                if (answer.isEmpty()) LockSupport.parkNanos(ASK_AGAIN.toNanos());
            } else {
                Outcome outcome = outcome(answer.get());
                return asked
                                && outcome instanceof Outcome.Closed closed
                                && answer.get().status() != 409
                        ? withdrawn(database, migration, asked, closed)
                        : outcome;
            }
        }
    }

    /** Empty where there was no answer, or one that passes. */
    private Optional<Answer> ask(String database, String migration, long seconds, Consumer<String> heard) {
        try {
            Answer answer = snapshots.post(path(database, migration) + "?waitSeconds=" + seconds, null);
            String problem = answer.status() == 202 ? answer.text("problem") : "";
            if (!problem.isEmpty()) heard.accept("the snapshot is waited for: " + problem);
            if (answer.status() != 429 && answer.status() < 500) return Optional.of(answer);
            heard.accept("the snapshot service answered " + answer.status() + ", asking again");
        } catch (IOException e) {
            heard.accept("no answer of the snapshot service (" + e + "), asking again");
        }
        return Optional.empty();
    }

    /** Nobody waits any more, for the pipeline is cancelled; what to do where that could not be told, else nothing. */
    public String cancelled(String database, String migration) {
        return withdrawn(database, migration, true, new Outcome.Closed("", "")).next();
    }

    private Outcome.Closed withdrawn(String database, String migration, boolean asked, Outcome.Closed closed) {
        try {
            Answer answer = tell(database, migration, "withdrawn", null);
            if (answer.status() == 409 || !answer.text("told").isEmpty()) return closed;
        } catch (IOException e) {
            if (!asked) {
                return new Outcome.Closed(closed.reason(), "is the snapshot service running, and --server right?");
            }
        }
        if (!asked) return closed;
        return new Outcome.Closed(
                closed.reason(),
                "it counts as running until told otherwise: ripcord gate " + database + " " + migration
                        + " --failed 'it has not run'");
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
