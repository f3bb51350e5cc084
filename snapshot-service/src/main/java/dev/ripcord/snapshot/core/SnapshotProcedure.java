package dev.ripcord.snapshot.core;

import static dev.ripcord.delivery.Procedure.Next.end;
import static dev.ripcord.delivery.Procedure.Next.to;
import static dev.ripcord.delivery.Procedure.Next.waiting;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.SnapshotState.Abandonable;
import dev.ripcord.snapshot.core.SnapshotState.Abandoning;
import dev.ripcord.snapshot.core.SnapshotState.Asked;
import dev.ripcord.snapshot.core.SnapshotState.Finished;
import dev.ripcord.snapshot.core.SnapshotState.Kept;
import dev.ripcord.snapshot.core.SnapshotState.Proving;
import dev.ripcord.snapshot.core.SnapshotState.Taking;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A snapshot from the question to its end: read the cases of {@link #advance} downwards. */
public final class SnapshotProcedure implements Procedure<SnapshotState> {

    /** The kind of its tasks; their ids are those of the snapshots. */
    public static final String KIND = "snapshot";

    /** How often a step is tried again whose outcome nobody knows. */
    private static final int ATTEMPTS = 5;

    private static final Duration LOOK_AGAIN = Duration.ofHours(1);
    private static final Duration DELETE_AGAIN = Duration.ofMinutes(1);

    private final Databases databases;
    private final Providers providers;
    private final Predicate<String> released;
    private final Consumer<SnapshotEvent> told;

    /**
     * A procedure for these databases.
     *
     * @param released whether a snapshot's migration was declared good
     * @param told hears of each event that is announced
     */
    public SnapshotProcedure(
            Databases databases, Providers providers, Predicate<String> released, Consumer<SnapshotEvent> told) {
        this.databases = databases;
        this.providers = providers;
        this.released = released;
        this.told = told;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<SnapshotState> states() {
        return SnapshotState.class;
    }

    @Override
    public Next<SnapshotState> advance(Task<SnapshotState> task) {
        return switch (task.state()) {
            case Asked asked ->
                to(
                        asked.taking(),
                        told(new SnapshotEvent.Started(
                                task.database(), task.id(), asked.migration(), asked.form().name())));
            case Taking taking -> take(task, taking);
            case Proving proving -> prove(task, proving);
            case Kept kept -> keep(task, kept);
            case Abandoning abandoning -> abandon(task, abandoning);
            case Finished finished -> end(finished);
        };
    }

    private Next<SnapshotState> take(Task<SnapshotState> task, Taking taking) {
        return switch (providers.of(taking.form()).take(order(task))) {
            case Taken taken ->
                to(
                        taking.proving(taken),
                        told(new SnapshotEvent.Completed(
                                task.database(),
                                task.id(),
                                taking.migration(),
                                taking.form().name(),
                                taken.takenAt(),
                                taken.bytes(),
                                taken.millis(),
                                taken.pauseMillis())));
            case Refusal refusal -> to(taking.abandon(refusal));
        };
    }

    private Next<SnapshotState> prove(Task<SnapshotState> task, Proving proving) {
        Order order = order(task);
        Provider provider = providers.of(proving.form());
        Manifest manifest = provider.manifest(order, proving.taken());
        return switch (provider.restore(order, manifest, task.id())) {
            case Provider.Restored restored -> {
                Instant until = proving.taken().takenAt().plus(order.database().snapshot().retention());
                yield to(
                        proving.kept(manifest, restored.shadow(), until),
                        told(new SnapshotEvent.Proven(
                                task.database(),
                                task.id(),
                                proving.migration(),
                                proving.form().name(),
                                proving.taken().takenAt(),
                                restored.shadow(),
                                manifest,
                                task.inState().toMillis())));
            }
            case Refusal refusal -> to(proving.abandon(refusal));
        };
    }

    private Next<SnapshotState> keep(Task<SnapshotState> task, Kept kept) {
        Duration left = Duration.between(Instant.now(), kept.until());
        if (!released.test(task.id())) return waiting(kept, LOOK_AGAIN);
        if (left.isPositive()) return waiting(kept, left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
        Order order = order(task);
        Provider provider = providers.of(kept.form());
        provider.drop(order, kept.shadow());
        provider.delete(order, Optional.empty());
        return end(
                kept.expired(),
                told(new SnapshotEvent.Expired(
                        task.database(),
                        task.id(),
                        kept.migration(),
                        "declared good, and kept until " + kept.until() + " at least")));
    }

    private Next<SnapshotState> abandon(Task<SnapshotState> task, Abandoning abandoning) {
        providers.of(abandoning.form()).delete(order(task), Optional.of(task.id()));
        return failed(task, abandoning);
    }

    private Next<SnapshotState> failed(Task<SnapshotState> task, Abandoning abandoning) {
        return end(
                abandoning.failed(),
                told(new SnapshotEvent.Failed(
                        task.database(), task.id(), abandoning.migration(), abandoning.reason(), abandoning.next())));
    }

    @Override
    public Next<SnapshotState> onFailure(Task<SnapshotState> task, RuntimeException failure) {
        Duration after = Procedure.backoff(task.attempts());
        boolean refused = failure instanceof RefusedException;
        return switch (task.state()) {
            case Abandonable abandonable when refused || task.attempts() + 1 >= ATTEMPTS ->
                to(abandonable.abandon(new Refusal(
                        String.valueOf(failure.getMessage()), "ask again when the cause is gone; nothing was changed")));
            case Abandonable abandonable -> waiting(abandonable, after);
            // what is not the enrolled database any more is not touched, to clean up neither
            case Abandoning abandoning -> refused ? failed(task, abandoning) : waiting(abandoning, after);
            case Kept kept -> waiting(kept, DELETE_AGAIN);
            case Finished finished -> end(finished);
        };
    }

    private Order order(Task<SnapshotState> task) {
        EnrolledDatabase database = databases
                .find(task.database())
                .orElseThrow(() -> new RefusedException("Database " + task.database() + " is not enrolled any more"));
        return new Order(database, task.id(), task.fence());
    }

    private <E extends SnapshotEvent> E told(E event) {
        told.accept(event);
        return event;
    }
}
