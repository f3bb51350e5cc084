package dev.ripcord.command.follow;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that nobody announces. */
public final class Waiting {

    private static final long LOOK_NANOS = 20_000_000;

    private Waiting() {}

    /** Looks until it holds, or the time has passed, or this thread is interrupted; whether it held. */
    public static boolean until(BooleanSupplier holds, Duration atMost) {
        Instant limit = Instant.now().plus(atMost);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(limit) || Thread.currentThread().isInterrupted()) return false;
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }
}
