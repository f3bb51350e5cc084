package dev.ripcord.delivery;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Somebody waits, somebody rings; ringing several times before he looks is ringing once. */
final class Doorbell {

    private final Semaphore rung = new Semaphore(0);

    void signal() {
        if (rung.availablePermits() == 0) rung.release();
    }

    /** Waits until it rings, or the time has passed. */
    void await(Duration atMost) throws InterruptedException {
        if (rung.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) rung.drainPermits();
    }
}
