package dev.ripcord.rollback.snapshots;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RestoreEvent.Progressed;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** How far the copy is that a rollback waits for; only what was heard last is kept. */
@ApplicationScoped
public class RestoreProgress {

    private final StateDatabase state;

    RestoreProgress(StateDatabase state) {
        this.state = state;
    }

    /** Keeps what an event tells, in the transaction that records the event. */
    public void learn(Progressed progressed, String rollback, Ledger ledger) {
        ledger.query(
                "insert into restore_progress (restore, rollback, document) values ($1, $2, $3)"
                        + " on conflict (restore) do update set document = excluded.document, heard_at = now()"
                        + " where (restore_progress.document ->> 'millis')::bigint < (excluded.document ->> 'millis')::bigint",
                progressed.restore(),
                rollback,
                json(progressed));
    }

    /** The newest word about the copies of a rollback, if there was one. */
    public Optional<Progressed> of(String rollback) {
        return state
                .query(
                        "select document from restore_progress where rollback = $1 order by heard_at desc limit 1",
                        rollback)
                .stream()
                .map(row -> read(row.getJsonObject("document")))
                .findFirst();
    }

    private static JsonObject json(Progressed progressed) {
        try {
            return new JsonObject(KafkaBinding.JSON.writeValueAsString(progressed));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event must be writable as JSON", e);
        }
    }

    private static Progressed read(JsonObject document) {
        try {
            return KafkaBinding.JSON.readValue(document.encode(), Progressed.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What is stored of a restore no longer fits its record", e);
        }
    }
}
