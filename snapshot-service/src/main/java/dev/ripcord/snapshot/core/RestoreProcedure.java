package dev.ripcord.snapshot.core;

import static dev.ripcord.delivery.Procedure.Next.end;
import static dev.ripcord.delivery.Procedure.Next.to;
import static dev.ripcord.delivery.Procedure.Next.waiting;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.RestoreState.Finished;
import dev.ripcord.snapshot.core.RestoreState.Ready;
import dev.ripcord.snapshot.core.RestoreState.Requested;
import dev.ripcord.snapshot.core.SnapshotState.Kept;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A further shadow of a snapshot, for a rollback that finds the first one gone or opened. */
public final class RestoreProcedure implements Procedure<RestoreState> {

    /** The kind of its tasks; their ids are those of the restores. */
    public static final String KIND = "restore";

    private static final int ATTEMPTS = 5;
    private static final Duration UNTIL_PROVEN = Duration.ofMillis(200);
    private static final Duration UNTIL_EXPIRED = Duration.ofHours(1);

    private final Databases databases;
    private final Providers providers;
    private final Function<String, Optional<SnapshotOf>> snapshots;

    /** A snapshot and the database that it is of. */
    public record SnapshotOf(String database, SnapshotState state) {}

    /**
     * A procedure for these databases.
     *
     * @param snapshots looks a snapshot up by its id
     */
    public RestoreProcedure(
            Databases databases, Providers providers, Function<String, Optional<SnapshotOf>> snapshots) {
        this.databases = databases;
        this.providers = providers;
        this.snapshots = snapshots;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<RestoreState> states() {
        return RestoreState.class;
    }

    @Override
    public Next<RestoreState> advance(Task<RestoreState> task) {
        return switch (task.state()) {
            case Requested requested -> restore(task, requested);
            case Ready ready -> keep(task, ready);
            case Finished finished -> end(finished);
        };
    }

    private Next<RestoreState> restore(Task<RestoreState> task, Requested requested) {
        Optional<SnapshotState> snapshot = snapshots
                .apply(requested.snapshot())
                .filter(found -> found.database().equals(task.database()))
                .map(SnapshotOf::state);
        if (snapshot.isEmpty()) {
            return impossible(
                    task, requested, "There is no snapshot " + requested.snapshot() + " of " + task.database());
        }
        return switch (snapshot.get()) {
            case Kept kept -> restore(task, requested, kept);
            case SnapshotState.Taking taking -> waiting(requested, UNTIL_PROVEN);
            case SnapshotState.Proving proving -> waiting(requested, UNTIL_PROVEN);
            case SnapshotState.Abandoning abandoning -> waiting(requested, UNTIL_PROVEN);
            case SnapshotState.Doubted doubted ->
                impossible(task, requested, "The snapshot was not proven: " + doubted.reason());
            case SnapshotState.Failed failed ->
                impossible(task, requested, "The snapshot was not proven: " + failed.reason());
            case SnapshotState.Expired expired -> impossible(task, requested, "The snapshot has expired");
        };
    }

    private Next<RestoreState> restore(Task<RestoreState> task, Requested requested, Kept kept) {
        Provider provider = providers.of(kept.form());
        Order order = order(task, requested.snapshot());
        return switch (provider.restore(order, kept.manifest(), SnapshotId.ofRestore(task.id()))) {
            case Provider.Restored restored ->
                to(
                        requested.ready(restored.shadow()),
                        new RestoreEvent.Completed(
                                task.database(),
                                task.id(),
                                requested.snapshot(),
                                restored.shadow(),
                                Duration.between(task.created(), java.time.Instant.now())
                                        .toMillis()));
            case Refusal refusal -> impossible(task, requested, refusal.reason());
        };
    }

    private Next<RestoreState> keep(Task<RestoreState> task, Ready ready) {
        Optional<SnapshotOf> snapshot = snapshots.apply(ready.snapshot());
        boolean expired = snapshot.isEmpty() || snapshot.get().state() instanceof SnapshotState.Finished;
        if (!expired) return waiting(ready, UNTIL_EXPIRED);
        Order order = order(task, ready.snapshot());
        providers.of(order.database().snapshot().form()).drop(order, ready.shadow());
        return end(ready.gone());
    }

    @Override
    public Next<RestoreState> onFailure(Task<RestoreState> task, RuntimeException failure) {
        boolean last = failure instanceof RefusedException || task.attempts() + 1 >= ATTEMPTS;
        return switch (task.state()) {
            case Requested requested when last -> impossible(task, requested, String.valueOf(failure.getMessage()));
            case Requested requested -> waiting(requested, Procedure.backoff(task.attempts()));
            case Ready ready -> waiting(ready, UNTIL_EXPIRED);
            case Finished finished -> end(finished);
        };
    }

    private static Next<RestoreState> impossible(Task<RestoreState> task, Requested requested, String reason) {
        return end(
                requested.impossible(reason),
                new RestoreEvent.Failed(task.database(), task.id(), requested.snapshot(), reason));
    }

    private Order order(Task<RestoreState> task, String snapshot) {
        return new Order(
                databases
                        .find(task.database())
                        .orElseThrow(() ->
                                new RefusedException("Database " + task.database() + " is not enrolled any more")),
                snapshot,
                task.fence());
    }
}
