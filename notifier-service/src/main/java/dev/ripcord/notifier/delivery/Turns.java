package dev.ripcord.notifier.delivery;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may try now: one message at a time per channel, none while a channel asked to be left alone, and channels that did
 * not answer last time only so many at once, so that they never take all the hands there are. Whoever may not stands in the
 * channel's line and is called from it; the longer the line, the less often anybody asks.
 */
final class Turns {

    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MOST_AILING = 6;

    private final Map<String, Line> lines = new HashMap<>();

    private static final class Line {
        boolean busy;
        boolean ailing;
        /** By the clock that nobody sets. */
        long restUntil = System.nanoTime();

        Duration rest() {
            return Duration.ofNanos(restUntil - System.nanoTime());
        }

        final Set<String> waiting = new LinkedHashSet<>();

        /** How long the last one in the line waits if nobody calls. */
        Duration patience() {
            Duration wait = SHORT.multipliedBy(waiting.size());
            return wait.compareTo(LONG) > 0 ? LONG : wait;
        }
    }

    /** Takes the turn for a message, or says how long to wait before asking again if it is not called before. */
    synchronized Optional<Duration> take(String channel, String message) {
        Line line = lines.computeIfAbsent(channel, each -> new Line());
        Duration rest = line.rest();
        boolean crowded =
                lines.values().stream().filter(each -> each.busy && each.ailing).count() >= MOST_AILING;
        if (rest.isPositive() || line.busy || (line.ailing && crowded)) {
            line.waiting.add(message);
            return Optional.of(rest.isPositive() ? rest.plus(line.patience()) : line.patience());
        }
        line.waiting.remove(message);
        line.busy = true;
        return Optional.empty();
    }

    /** Gives the turn back; the message whose turn it is next, if one waits and the channel may be asked. */
    synchronized Optional<String> done(String channel, Outcome outcome) {
        Line line = lines.computeIfAbsent(channel, each -> new Line());
        line.busy = false;
        switch (outcome) {
            case Outcome.Accepted _, Outcome.Never _ -> line.ailing = false;
            case Outcome.Later later -> {
                line.ailing = true;
                later.after().ifPresent(after -> line.restUntil = System.nanoTime() + after.toNanos());
            }
        }
        if (line.rest().isPositive()) return Optional.empty();
        Optional<String> next = line.waiting.stream().findFirst();
        next.ifPresent(line.waiting::remove);
        return next;
    }
}
