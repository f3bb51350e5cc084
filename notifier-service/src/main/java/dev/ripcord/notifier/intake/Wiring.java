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
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** Puts the parts together. */
@Singleton
class Wiring {

    private static final Logger LOG = Logger.getLogger(Wiring.class);

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
            @All List<Carrier<?>> carriers,
            NotificationConfig config,
            Mailroom mailroom,
            NoteBook noteBook,
            MeterRegistry metrics) {
        return new Delivery(
                databases,
                carriers,
                new RetryPolicy(config.firstRetry, config.longestRetry, config.giveUpAfter),
                mailroom::earlierDue,
                mailroom::follower,
                mailroom::ended,
                mailroom::overtaken,
                noteBook::open,
                (channel, outcome) -> measure(metrics, channel, outcome),
                trouble -> tell(metrics, trouble));
    }

    private static void tell(MeterRegistry metrics, Delivery.Trouble trouble) {
        if (!trouble.last()) {
            LOG.warnf(
                    "Channel %s did not take %s of %s, which is tried again: %s",
                    trouble.channel(), trouble.about(), trouble.database(), trouble.reason());
            return;
        }
        metrics.counter("ripcord.notification.given-up", "channel", trouble.channel())
                .increment();
        LOG.errorf(
                "Channel %s was NOT told %s of %s: %s. When that is mended, an administrator sends it again with POST"
                        + " /deliveries/%s/again",
                trouble.channel(), trouble.about(), trouble.database(), trouble.reason(), trouble.message());
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
