package dev.ripcord.delivery;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.cdevents.CdEvent;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
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

    Ledger ledger(StateDatabase.Transaction transaction, @Nullable String traceparent, Ledgers.Own own) {
        return new Ledger(transaction, this, own, source, traceparent);
    }

    /**
     * What a procedure announces, in this service's name.
     *
     * @param said the id of what it said last of its story
     */
    List<Envelope<?>> envelopes(List<RipcordEvent> events, @Nullable String traceparent, @Nullable String said) {
        List<Envelope<?>> envelopes = new ArrayList<>();
        String previous = said;
        for (RipcordEvent event : events) {
            Envelope<?> envelope = Envelope.of(source, event).in(traceparent);
            if (ofTheStory(envelope)) {
                envelope = envelope.after(previous);
                previous = envelope.id();
            }
            envelopes.add(envelope);
        }
        return envelopes;
    }

    /** Whether it is one of those whose order matters to who hears them, though they are on two topics. */
    static boolean ofTheStory(Envelope<?> envelope) {
        Topic topic = Catalogue.of(envelope.event()).topic();
        return topic == Topic.ROLLBACK || topic == Topic.ROLLBACK_OUTCOME;
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
