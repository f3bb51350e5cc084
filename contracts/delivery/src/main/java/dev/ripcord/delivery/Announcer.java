package dev.ripcord.delivery;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes ledgers that write events in this service's name, under the configured topic prefix. */
@ApplicationScoped
class Announcer {

    private final KafkaBinding binding;
    private final String source;

    Announcer(
            @ConfigProperty(name = "ripcord.topic-prefix") String prefix,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.binding = new KafkaBinding(prefix);
        this.source = "/ripcord/" + service;
    }

    KafkaBinding binding() {
        return binding;
    }

    Ledger ledger(StateDatabase.Transaction transaction, @Nullable String traceparent) {
        return new Ledger(transaction, binding, source, traceparent);
    }

    /** Events as they are sent in this service's name. */
    List<Ledger.Letter> letters(List<RipcordEvent> events, @Nullable String traceparent) {
        return events.stream()
                .map(event ->
                        Ledger.Letter.of(binding, Envelope.of(source, event).in(traceparent)))
                .toList();
    }
}
