package dev.ripcord.verifier.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.SnapshotEvent;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** The manifests of the proven snapshots. */
@ApplicationScoped
class Manifests {

    private final StateDatabase state;

    Manifests(StateDatabase state) {
        this.state = state;
    }

    Optional<Manifest> find(String database, String snapshot) {
        return state
                .query("select document from manifest where database_id = $1 and snapshot = $2", database, snapshot)
                .stream()
                .map(row -> manifest(row.getJsonObject("document")))
                .findFirst();
    }

    static void keep(SnapshotEvent.Proven proven, Ledger ledger) {
        ledger.query(
                "insert into manifest (snapshot, database_id, document) values ($1, $2, $3)"
                        + " on conflict (snapshot) do update set document = excluded.document"
                        + " where manifest.database_id = excluded.database_id",
                proven.snapshot(),
                proven.database(),
                document(proven.manifest()));
    }

    static void expire(SnapshotEvent.Expired expired, Ledger ledger) {
        ledger.query("update manifest set expired_at = now() where snapshot = $1", expired.snapshot());
        ledger.query("delete from manifest where expired_at < now() - interval '30 days'");
    }

    private static JsonObject document(Manifest manifest) {
        try {
            return new JsonObject(KafkaBinding.JSON.writeValueAsString(manifest));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A manifest must be writable as JSON", e);
        }
    }

    private static Manifest manifest(JsonObject document) {
        try {
            return KafkaBinding.JSON.readValue(document.encode(), Manifest.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored manifest no longer fits its record", e);
        }
    }
}
