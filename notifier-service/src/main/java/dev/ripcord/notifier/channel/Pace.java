package dev.ripcord.notifier.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Keeps calls apart, so that the other side need not ask for it. */
public final class Pace {

    private final Duration apart;
    private final Map<String, Instant> next = new HashMap<>();

    /** Calls of the same key at least this long after one another. */
    public Pace(Duration apart) {
        this.apart = apart;
    }

    /** Waits on the caller's thread until it is its turn. */
    public void await(String key) {
        try {
            Thread.sleep(turn(key));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private synchronized Duration turn(String key) {
        Instant now = Instant.now();
        next.values().removeIf(now::isAfter);
        Instant mine = next.getOrDefault(key, now);
        next.put(key, mine.plus(apart));
        return Duration.between(now, mine);
    }
}
