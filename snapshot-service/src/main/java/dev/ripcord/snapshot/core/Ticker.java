package dev.ripcord.snapshot.core;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Tells how far something is, again and again until it is closed; nothing at all of what is done before the first time. */
final class Ticker implements Progress, AutoCloseable {

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
        while (true) {
            try {
                Thread.sleep(every);
                Supplier<Step> asked = now;
                if (asked != null) told.accept(asked.get());
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
