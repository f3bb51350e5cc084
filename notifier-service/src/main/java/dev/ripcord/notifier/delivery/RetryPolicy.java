package dev.ripcord.notifier.delivery;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to try again, and how long at all.
 *
 * @param first the wait after the first attempt; it doubles with each
 * @param longest the longest wait between two attempts
 * @param giveUpAfter how long after the event the last attempt is made
 */
public record RetryPolicy(Duration first, Duration longest, Duration giveUpAfter) {

    /** The wait after so many attempts, up to a quarter more or less than the doubled one, so that many do not come at once. */
    Duration wait(int attempts) {
        double doubled = first.toMillis() * Math.pow(2, Math.min(attempts - 1, 30));
        double bounded = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(
                Math.round(bounded * ThreadLocalRandom.current().nextDouble(0.75, 1.25)));
    }
}
