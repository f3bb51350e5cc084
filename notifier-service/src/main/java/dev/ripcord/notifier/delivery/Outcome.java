package dev.ripcord.notifier.delivery;

import java.time.Duration;
import java.util.Optional;

/** What came of one attempt. */
public sealed interface Outcome {

    /** The channel took the message. */
    record Accepted() implements Outcome {}

    /**
     * It may work later.
     *
     * @param after how long the channel asked to be left alone, if it did
     */
    record Later(String reason, Optional<Duration> after) implements Outcome {}

    /** The channel will never take it. */
    record Never(String reason) implements Outcome {}
}
