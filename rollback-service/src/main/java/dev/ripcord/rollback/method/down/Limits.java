package dev.ripcord.rollback.method.down;

import java.time.Duration;

/** How long the transaction waits for a lock, and how long one statement may last (within the session's own limit). */
public record Limits(Duration lock, Duration statement) {

    /** Five seconds for a lock, five minutes for a statement. */
    public static final Limits USUAL = new Limits(Duration.ofSeconds(5), Duration.ofMinutes(5));
}
