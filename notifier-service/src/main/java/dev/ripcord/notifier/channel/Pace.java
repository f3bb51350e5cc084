package dev.ripcord.notifier.channel;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Keeps calls apart, so that the other side need not ask for it. */
public final class Pace {

    private final Duration apart;
    /** By the clock that nobody sets: {@link System#nanoTime}. */
    private final Map<String, Long> next = new HashMap<>();

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
        long soonest = System.nanoTime() + apart.toNanos();
        next.merge(key, soonest, (known, mine) -> known - mine > 0 ? known : mine);
    }

    private synchronized Duration turn(String key) {
        long now = System.nanoTime();
        next.values().removeIf(each -> now - each > 0);
        long mine = next.getOrDefault(key, now);
        next.put(key, mine + apart.toNanos());
        return Duration.ofNanos(mine - now);
    }
}
