package dev.ripcord.snapshot.core;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells how far something is, again and again until it is closed; nothing at all of what is done before the first time. */
final class Ticker implements Progress, AutoCloseable {

    /** Whoever waits hears soon that something is done at all. */
    private static final Duration FIRST = Duration.ofMillis(200);

    private final Duration every;
    private final Consumer<Step> told;
    private final Thread thread;
    private volatile @Nullable Supplier<Step> now;

    private Ticker(Duration every, Consumer<Step> told) {
        this.every = every;
        this.told = told;
        this.thread = Thread.ofVirtual().name("progress").unstarted(this::tick);
    }

    static Ticker start(Duration every, Consumer<Step> told) {
        Ticker ticker = new Ticker(every, told);
        ticker.thread.start();
        return ticker;
    }

    @Override
    public void is(Supplier<Step> now) {
        this.now = now;
    }

    private void tick() {
        Duration wait = every.compareTo(FIRST) < 0 ? every : FIRST;
        while (true) {
            try {
                Thread.sleep(wait);
                Supplier<Step> asked = now;
                if (asked == null) continue;
                wait = every;
                told.accept(asked.get());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // it goes on, though nobody hears of it just now
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
