package dev.ripcord.notifier.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may try now: one message at a time per channel, none while a channel asked to be left alone, and channels that did
 * not answer last time only so many at once, so that they never take all the hands there are.
 */
final class Turns {

    private static final Duration SHORT = Duration.ofMillis(250);
    private static final int MOST_AILING = 6;

    private final Map<String, Line> lines = new HashMap<>();

    private static final class Line {
        boolean busy;
        boolean ailing;
        Instant restUntil = Instant.EPOCH;
    }

    /** Takes the turn, or says how long to wait before asking again. */
    synchronized Optional<Duration> take(String channel) {
        Line line = lines.computeIfAbsent(channel, each -> new Line());
        Duration rest = Duration.between(Instant.now(), line.restUntil);
        if (rest.isPositive()) return Optional.of(rest.plus(SHORT));
        if (line.busy) return Optional.of(SHORT);
        boolean crowded =
                lines.values().stream().filter(each -> each.busy && each.ailing).count() >= MOST_AILING;
        if (line.ailing && crowded) return Optional.of(SHORT);
        line.busy = true;
        return Optional.empty();
    }

    /** Gives the turn back. */
    synchronized void done(String channel, Outcome outcome) {
        Line line = lines.computeIfAbsent(channel, each -> new Line());
        line.busy = false;
        switch (outcome) {
            case Outcome.Accepted _, Outcome.Never _ -> line.ailing = false;
            case Outcome.Later later -> {
                line.ailing = true;
                later.after().ifPresent(after -> line.restUntil = Instant.now().plus(after));
            }
        }
    }
}
