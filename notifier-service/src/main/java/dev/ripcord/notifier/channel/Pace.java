package dev.ripcord.notifier.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps calls apart, so that the other side need not ask for it. */
public final class Pace {

    private final Duration apart;
    private final Map<String, Instant> next = new HashMap<>();

    /** Calls of the same key at least this long after one another. */
    public Pace(Duration apart) {
        this.apart = apart;
    }

    /** Makes a call when it is its turn, on the caller's thread; the next comes no sooner after its answer, for who knows how long it was on its way. */
    public <T> T inTurn(String key, Supplier<T> call) {
        await(key);
        try {
            return call.get();
        } finally {
            answered(key);
        }
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

    private synchronized void answered(String key) {
        Instant soonest = Instant.now().plus(apart);
        next.merge(key, soonest, (known, mine) -> known.isAfter(mine) ? known : mine);
    }

    private synchronized Duration turn(String key) {
        Instant now = Instant.now();
        next.values().removeIf(now::isAfter);
        Instant mine = next.getOrDefault(key, now);
        next.put(key, mine.plus(apart));
        return Duration.between(now, mine);
    }
}
