package dev.ripcord.databases;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What must not be going on in a database that is closed: schema changes and prepared transactions. What ends soon, as the
 * temporary tables of an application do, is waited for, and where the next one has begun by then it counts as ordinary work.
 */
public final class Blockers {

    /** How old a transaction must be to stand in the way. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private Blockers() {}

    /** Those that do not end within {@link #PATIENCE}, one line each; returns as soon as there are none. */
    public static List<String> lasting(AdminSession admin, Identity identity) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            if (admin.blockers(identity).isEmpty()) return List.of();
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return old(admin, identity);
    }

    /** Those that have lasted for {@link #PATIENCE}, one line each, without waiting. */
    public static List<String> old(AdminSession admin, Identity identity) {
        return admin.blockers(identity, PATIENCE);
    }
}
