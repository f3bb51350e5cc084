package dev.ripcord.delivery;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;

/** Passes events on to Kafka that came another way, each once, for every service to hear. */
@ApplicationScoped
public class Forwarding {

    private final Announcer announcer;
    private final StateDatabase database;

    Forwarding(Announcer announcer, StateDatabase database) {
        this.announcer = announcer;
        this.database = database;
    }

    /** Reads and writes records under the topics of this installation. */
    public KafkaBinding binding() {
        return announcer.binding();
    }

    /**
     * Writes an event down to be sent; when this returns it is on disk.
     *
     * @return false where one with this source and id was passed on before
     */
    public boolean forward(Envelope<? extends RipcordEvent> envelope) {
        Envelope<?> traced = envelope.in(Traces.orNew(envelope.traceparent()));
        Ledger.Letter letter = Ledger.Letter.of(announcer.binding(), traced);
        return database.transaction(transaction -> {
            Ledger ledger = announcer.ledger(transaction, traced.traceparent());
            boolean first = !ledger.query(
                            "insert into inbox (source, id, type, database_id, envelope) values ($1, $2, 'forwarded', $3, $4)"
                                    + " on conflict do nothing returning position",
                            "forwarded " + envelope.source(),
                            envelope.id(),
                            envelope.event().database(),
                            new JsonObject())
                    .isEmpty();
            if (first) ledger.send(letter.topic(), letter.key(), letter.value(), letter.headers());
            return first;
        });
    }
}
