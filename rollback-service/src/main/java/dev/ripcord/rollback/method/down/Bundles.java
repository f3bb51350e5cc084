package dev.ripcord.rollback.method.down;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.SnapshotEvent;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The migrations as they were when one of them asked at the gate, kept under the id of its snapshot. */
@ApplicationScoped
public class Bundles {

    private final Databases databases;
    private final StateDatabase state;

    Bundles(Databases databases, StateDatabase state) {
        this.databases = databases;
        this.state = state;
    }

    /** Puts the migrations away, in the transaction that records that their snapshot is being taken. */
    public void keep(SnapshotEvent.Started started, Ledger ledger) {
        Migrations migrations = databases
                .find(started.database())
                .map(database -> database.migrations())
                .orElse(null);
        if (migrations == null) return;
        JsonObject bundle = null;
        String problem = null;
        try {
            Bundle read = BundleFolder.read(migrations.tool(), migrations.folder());
            bundle = new JsonObject(KafkaBinding.JSON.writeValueAsString(read));
        } catch (RefusedException | UncheckedIOException e) {
            problem = String.valueOf(e.getMessage());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A bundle must be writable as JSON", e);
        }
        keep(started.snapshot(), bundle, problem, ledger);
    }

    private static void keep(String snapshot, @Nullable JsonObject bundle, @Nullable String problem, Ledger ledger) {
        if (bundle != null) {
            ledger.query(
                    "insert into bundle (snapshot, content) values ($1, $2) on conflict do nothing", snapshot, bundle);
        } else {
            ledger.query(
                    "insert into bundle (snapshot, problem) values ($1, $2) on conflict do nothing",
                    snapshot,
                    String.valueOf(problem));
        }
    }

    /** Those of the snapshots that have expired go, unless a rollback or a rehearsal goes on: then they go with the next that expires. */
    public void forget(SnapshotEvent.Expired expired, Ledger ledger) {
        ledger.query("""
                        delete from bundle using known_snapshot s where s.id = bundle.snapshot and s.database_id = $1 and s.expired
                           and not exists (select from task where kind in ('rollback', 'rehearsal') and database_id = $1 and not finished)""", expired.database());
    }

    /** Whether they were put away with a snapshot. */
    public boolean kept(String snapshot) {
        return !state.query("select from bundle where snapshot = $1 and content is not null", snapshot)
                .isEmpty();
    }

    /**
     * Those that were put away with a snapshot.
     *
     * @throws RefusedException if they could not be, and why
     */
    public Optional<Bundle> of(String snapshot) {
        List<Row> rows = state.query("select content, problem from bundle where snapshot = $1", snapshot);
        if (rows.isEmpty()) return Optional.empty();
        String problem = rows.getFirst().getString("problem");
        if (problem != null) throw new RefusedException("the migrations were not kept: " + problem);
        try {
            return Optional.of(KafkaBinding.JSON.readValue(
                    rows.getFirst().getJsonObject("content").encode(), Bundle.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What is kept of the migrations no longer fits", e);
        }
    }
}
