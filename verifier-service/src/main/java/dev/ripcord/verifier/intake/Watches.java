package dev.ripcord.verifier.intake;

import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.watch.Watch;
import dev.ripcord.verifier.watch.WatchState;
import dev.ripcord.verifier.watch.WatchState.Watching;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Which rollbacks are watched, and what is known of each. */
@ApplicationScoped
class Watches {

    private final StateDatabase state;
    private final Manifests manifests;

    Watches(StateDatabase state, Manifests manifests) {
        this.state = state;
        this.manifests = manifests;
    }

    /** Begins to watch what was taken back, or put right; an event that comes again begins nothing again. */
    static void begin(RollbackOutcomeEvent outcome, Instant at, Ledger ledger) {
        switch (outcome) {
            case RollbackOutcomeEvent.Completed done -> begin(done, Watching.from(at, done.snapshot(), false), ledger);
            case RollbackOutcomeEvent.CompletedInPlace done -> begin(done, Watching.from(at, null, false), ledger);
            case RollbackOutcomeEvent.Moved moved -> begin(moved, Watching.from(at, moved.snapshot(), true), ledger);
            case RollbackOutcomeEvent.Undone undone -> begin(undone, Watching.from(at, null, false), ledger);
            case RollbackOutcomeEvent.Failed _, RollbackOutcomeEvent.Refused _ -> {}
        }
    }

    private static void begin(RollbackOutcomeEvent outcome, Watching watching, Ledger ledger) {
        ledger.query(
                        "select id from task where kind = $1 and database_id = $2 and not finished",
                        Watch.KIND,
                        outcome.database())
                .forEach(row -> ledger.wake(Watch.KIND, row.getString("id")));
        ledger.start(Watch.KIND, outcome.rollback(), outcome.database(), watching);
    }

    /** Whether a later rollback of the same database has ended. */
    boolean superseded(Task<WatchState> task) {
        return task.state() instanceof Watching watching
                && !state.query(
                                "select 1 from task where kind = $1 and database_id = $2 and id <> $3"
                                        + " and (document ->> 'since')::timestamptz > $4 limit 1",
                                Watch.KIND,
                                task.database(),
                                task.id(),
                                watching.since().atOffset(ZoneOffset.UTC))
                        .isEmpty();
    }

    /** What the database was before the migration: of the snapshot that came back, or that it was verified against. */
    Manifest manifest(String database, String rollback, Watching watching) {
        return Optional.ofNullable(watching.snapshot())
                .or(() -> verified(rollback))
                .flatMap(snapshot -> manifests.find(database, snapshot))
                .orElse(Verification.NONE);
    }

    private Optional<String> verified(String rollback) {
        return state
                .query(
                        "select document ->> 'snapshot' as snapshot from task where kind = $1 and document ->> 'rollback' = $2"
                                + " order by created_at desc limit 1",
                        Verification.KIND,
                        rollback)
                .stream()
                .map((Row row) -> row.getString("snapshot"))
                .findFirst();
    }
}
