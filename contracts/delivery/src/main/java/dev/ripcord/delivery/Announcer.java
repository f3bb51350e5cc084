package dev.ripcord.delivery;

import dev.ripcord.events.KafkaBinding;
import jakarta.enterprise.context.ApplicationScoped;
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
}
