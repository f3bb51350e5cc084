package dev.ripcord.snapshot.core;

import static dev.ripcord.delivery.Procedure.Next.end;
import static dev.ripcord.delivery.Procedure.Next.to;
import static dev.ripcord.delivery.Procedure.Next.waiting;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.Script;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.RestoreState.Clearing;
import dev.ripcord.snapshot.core.RestoreState.Finished;
import dev.ripcord.snapshot.core.RestoreState.Ready;
import dev.ripcord.snapshot.core.RestoreState.Requested;
import dev.ripcord.snapshot.core.SnapshotState.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A further shadow of a snapshot, for a rollback that finds the first one gone or opened. */
public final class RestoreProcedure implements Procedure<RestoreState> {

    /** The kind of its tasks; their ids are those of the restores. */
    public static final String KIND = "restore";

    /** What the ids of those end with that build a database anew; the rollback may have asked for a snapshot before. */
    public static final String BUILT = "/rebuild";

    private static final int ATTEMPTS = 5;
    private static final Duration UNTIL_PROVEN = Duration.ofMillis(200);
    private static final Duration UNTIL_EXPIRED = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Databases databases;
    private final Providers providers;
    private final Builder builder;
    private final Function<String, Optional<SnapshotOf>> snapshots;
    private final Predicate<String> ended;
    private final Duration tellEvery;
    private final Consumer<RestoreEvent.Progressed> told;

    /** A snapshot and the database that it is of. */
    public record SnapshotOf(String database, SnapshotState state) {}

    /** Builds a database anew from scripts. */
    @FunctionalInterface
    public interface Builder {
        /**
         * Runs the scripts into an empty database and closes it to everybody.
         *
         * @param shadow an id, which the database's name ends with
         */
        Provider.Restoration build(Order order, List<Script> scripts, String shadow, Progress progress);
    }

    /**
     * A procedure for these databases.
     *
     * @param snapshots looks a snapshot up by its id
     * @param ended whether nobody needs what the restore with this id has made any more
     * @param tellEvery how often it is told how far a restore is
     */
    public RestoreProcedure(
            Databases databases,
            Providers providers,
            Builder builder,
            Function<String, Optional<SnapshotOf>> snapshots,
            Predicate<String> ended,
            Duration tellEvery,
            Consumer<RestoreEvent.Progressed> told) {
        this.databases = databases;
        this.providers = providers;
        this.builder = builder;
        this.snapshots = snapshots;
        this.ended = ended;
        this.tellEvery = tellEvery;
        this.told = told;
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
            case Clearing clearing -> clear(task, clearing);
            case Finished finished -> end(finished);
        };
    }

    private Next<RestoreState> restore(Task<RestoreState> task, Requested requested) {
        if (ended.test(task.id())) return impossible(task, requested, "The rollback that asked for it has ended");
        if (requested.scripts() != null) return build(task, requested, requested.scripts());
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
        if (requested.elsewhere() && kept.form() != EnrolledDatabase.Form.archive) {
            return impossible(
                    task,
                    requested,
                    "The snapshot is a " + kept.form() + ", which its own server has made and which exists only there;"
                            + " only an archive can be restored on another server");
        }
        Provider provider = providers.of(kept.form());
        Order order = order(task, requested.snapshot(), requested.elsewhere());
        try (Ticker progress = ticker(task, requested)) {
            return done(task, requested, provider.restore(order, kept.manifest(), shadow(task), progress));
        }
    }

    private Next<RestoreState> build(Task<RestoreState> task, Requested requested, List<Script> scripts) {
        Order order = order(task, requested.snapshot(), false);
        try (Ticker progress = ticker(task, requested)) {
            return done(task, requested, builder.build(order, scripts, shadow(task), progress));
        }
    }

    private Ticker ticker(Task<RestoreState> task, Requested requested) {
        return Ticker.start(
                tellEvery,
                step -> told.accept(new RestoreEvent.Progressed(
                        task.database(),
                        restore(task),
                        requested.snapshot(),
                        step.phase(),
                        step.done(),
                        step.total(),
                        step.percent(),
                        since(task))));
    }

    private static Next<RestoreState> done(
            Task<RestoreState> task, Requested requested, Provider.Restoration restoration) {
        return switch (restoration) {
            case Provider.Restored restored ->
                to(
                        requested.ready(restored.shadow()),
                        new RestoreEvent.Completed(
                                task.database(), restore(task), requested.snapshot(), restored.shadow(), since(task)));
            case Refusal refusal -> impossible(task, requested, refusal.reason());
        };
    }

    private Next<RestoreState> keep(Task<RestoreState> task, Ready ready) {
        if (!ended.test(task.id()) && !expired(ready)) return waiting(ready, UNTIL_EXPIRED);
        Order order = order(task, ready.snapshot(), ready.elsewhere());
        providers.of(order.database().snapshot().form()).drop(order, ready.shadow());
        return end(ready.gone());
    }

    private boolean expired(Ready ready) {
        if (ready.built()) return false;
        Optional<SnapshotOf> snapshot = snapshots.apply(ready.snapshot());
        return snapshot.isEmpty() || snapshot.get().state() instanceof SnapshotState.Finished;
    }

    private Next<RestoreState> clear(Task<RestoreState> task, Clearing clearing) {
        Order order = order(task, clearing.snapshot(), clearing.elsewhere());
        providers.of(order.database().snapshot().form()).discard(order, shadow(task));
        return end(clearing.cleared());
    }

    @Override
    public Next<RestoreState> onFailure(Task<RestoreState> task, RuntimeException failure) {
        boolean refused = failure instanceof RefusedException;
        boolean last = refused || SnapshotProcedure.ofTheServer(failure) || task.attempts() + 1 >= ATTEMPTS;
        return switch (task.state()) {
            case Requested requested
            when SnapshotProcedure.passing(failure) && task.inState().compareTo(SnapshotProcedure.PASSES_WITHIN) < 0 ->
                waiting(requested, Procedure.backoff(task.attempts()));
            case Requested requested when last -> impossible(task, requested, String.valueOf(failure.getMessage()));
            case Requested requested -> waiting(requested, Procedure.backoff(task.attempts()));
            case Ready ready -> waiting(ready, AGAIN);
            // what is not the enrolled database any more is not touched, to clean up neither
            case Clearing clearing when refused -> end(clearing.cleared());
            case Clearing clearing -> waiting(clearing, AGAIN);
            case Finished finished -> end(finished);
        };
    }

    private static Next<RestoreState> impossible(Task<RestoreState> task, Requested requested, String reason) {
        return to(
                requested.clearing(reason),
                new RestoreEvent.Failed(task.database(), restore(task), requested.snapshot(), reason));
    }

    private static String shadow(Task<RestoreState> task) {
        return SnapshotId.ofRestore(task.id());
    }

    /** The id by which the rollback knows it. */
    private static String restore(Task<RestoreState> task) {
        return task.id().endsWith(BUILT) ? task.id().substring(0, task.id().length() - BUILT.length()) : task.id();
    }

    private static long since(Task<RestoreState> task) {
        return Duration.between(task.created(), Instant.now()).toMillis();
    }

    private Order order(Task<RestoreState> task, String snapshot, boolean elsewhere) {
        EnrolledDatabase database = databases
                .find(task.database())
                .orElseThrow(() -> new RefusedException("Database " + task.database() + " is not enrolled any more"));
        return new Order(elsewhere ? database.onSecondServer() : database, snapshot, task.fence(), elsewhere);
    }
}
