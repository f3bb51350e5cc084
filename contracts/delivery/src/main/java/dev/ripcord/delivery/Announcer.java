package dev.ripcord.delivery;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.cdevents.CdEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes ledgers that write events in this service's name, under the configured topic prefix. */
@ApplicationScoped
class Announcer {

    private final KafkaBinding binding;
    private final String source;
    private final String cdevents;
    private final Databases databases;

    Announcer(
            @ConfigProperty(name = "ripcord.topic-prefix") String prefix,
            @ConfigProperty(name = "quarkus.application.name") String service,
            Databases databases) {
        this.binding = new KafkaBinding(prefix);
        this.source = "/ripcord/" + service;
        this.cdevents = prefix + ".cdevents";
        this.databases = databases;
    }

    KafkaBinding binding() {
        return binding;
    }

    Ledger ledger(StateDatabase.Transaction transaction, @Nullable String traceparent) {
        return new Ledger(transaction, this, source, traceparent);
    }

    /** Events as they are sent in this service's name. */
    List<Letter> letters(List<RipcordEvent> events, @Nullable String traceparent) {
        return events.stream()
                .flatMap(event -> letters(Envelope.of(source, event).in(traceparent)).stream())
                .toList();
    }

    /** An event as it is sent: by itself, and on a topic of their own as the CDEvents that say the same. */
    List<Letter> letters(Envelope<?> envelope) {
        String environment = databases
                .find(envelope.event().database())
                .map(database -> database.environment().name())
                .orElse("unknown");
        return Stream.concat(
                        Stream.of(Letter.of(binding, envelope)),
                        CdEvent.of(envelope, environment).stream().map(event -> Letter.of(cdevents, envelope, event)))
                .toList();
    }
}
