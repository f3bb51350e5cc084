package dev.ripcord.notifier.intake;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** How messages are delivered; the defaults are in {@code application.properties}. */
@Singleton
class NotificationConfig {

    /** How long one attempt may last, the answer included. */
    final Duration attemptLimit;

    /** The wait after the first attempt; it doubles with each. */
    final Duration firstRetry;

    /** The longest wait between two attempts. */
    final Duration longestRetry;

    /** How long after it was recorded a message is still tried; older events are not told at all. */
    final Duration giveUpAfter;

    /** Where people reach the rollback service, for messages that ask for an answer. */
    final String controlAddress;

    /** How long after a rollback people are reminded of its post-mortem. */
    final Duration postMortemAfter;

    NotificationConfig(
            @ConfigProperty(name = "ripcord.notification.attempt-limit") Duration attemptLimit,
            @ConfigProperty(name = "ripcord.notification.first-retry") Duration firstRetry,
            @ConfigProperty(name = "ripcord.notification.longest-retry") Duration longestRetry,
            @ConfigProperty(name = "ripcord.notification.give-up-after") Duration giveUpAfter,
            @ConfigProperty(name = "ripcord.notification.control-address") String controlAddress,
            @ConfigProperty(name = "ripcord.notification.post-mortem-after") Duration postMortemAfter) {
        this.postMortemAfter = postMortemAfter;
        this.attemptLimit = attemptLimit;
        this.firstRetry = firstRetry;
        this.longestRetry = longestRetry;
        this.giveUpAfter = giveUpAfter;
        this.controlAddress = controlAddress;
    }
}
