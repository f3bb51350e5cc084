package dev.ripcord.notifier.intake;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Databases;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Delivery;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.delivery.RetryPolicy;
import dev.ripcord.notifier.message.Messages;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Puts the parts together. */
@Singleton
class Wiring {

    /** Read once, at start: a file that is not valid keeps the service from starting, with a line for each problem. */
    @Produces
    @Singleton
    @Startup
    Databases databases(@ConfigProperty(name = "ripcord.databases") Path file) {
        return Databases.read(file);
    }

    @Produces
    @Singleton
    Messages messages(NotificationConfig config) {
        return new Messages(config.controlAddress);
    }

    @Produces
    @Singleton
    Post post(NotificationConfig config) {
        return new Post(config.attemptLimit);
    }

    @Produces
    @Singleton
    Delivery delivery(
            Databases databases,
            @All List<Carrier> carriers,
            NotificationConfig config,
            Mailroom mailroom,
            MeterRegistry metrics) {
        return new Delivery(
                databases,
                carriers,
                new RetryPolicy(config.firstRetry, config.longestRetry, config.giveUpAfter),
                mailroom::earlierDue,
                (channel, outcome) -> measure(metrics, channel, outcome));
    }

    private static void measure(MeterRegistry metrics, Channel channel, Outcome outcome) {
        String name = switch (outcome) {
            case Outcome.Accepted _ -> "accepted";
            case Outcome.Later _ -> "later";
            case Outcome.Never _ -> "never";
        };
        metrics.counter(
                        "ripcord.notification.attempts",
                        "channel",
                        channel.id(),
                        "kind",
                        channel.kind(),
                        "outcome",
                        name)
                .increment();
    }
}
