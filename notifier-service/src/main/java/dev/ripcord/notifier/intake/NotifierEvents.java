package dev.ripcord.notifier.intake;

import dev.ripcord.delivery.EventHandler;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.events.Envelope;
import dev.ripcord.notifier.incident.Projection;
import dev.ripcord.notifier.message.Messages;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;

/** Records what happened for the status page, and what is to be told of it. */
@ApplicationScoped
class NotifierEvents implements EventHandler {

    private final Messages messages;
    private final Mailroom mailroom;
    private final NotificationConfig config;

    NotifierEvents(Messages messages, Mailroom mailroom, NotificationConfig config) {
        this.messages = messages;
        this.mailroom = mailroom;
        this.config = config;
    }

    @Override
    public Mail on(Envelope<?> envelope, Ledger ledger) {
        Projection.add(envelope, ledger);
        Instant now = Instant.now();
        boolean news = envelope.time().isAfter(now.minus(config.giveUpAfter));
        messages.about(envelope.event()).ifPresent(message -> {
            if (news) mailroom.post(envelope, message, ledger);
            else mailroom.postLate(envelope, message, tooLate(envelope, now), ledger);
        });
        return Mail.NONE;
    }

    private String tooLate(Envelope<?> envelope, Instant now) {
        return "not told: it was heard "
                + Duration.between(envelope.time(), now).toHours() + " hours after it happened, and what is older than "
                + config.giveUpAfter.toHours() + " is no news";
    }
}
