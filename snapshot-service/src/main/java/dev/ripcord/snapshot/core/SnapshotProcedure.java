package dev.ripcord.snapshot.core;

import static dev.ripcord.delivery.Procedure.Next.end;
import static dev.ripcord.delivery.Procedure.Next.to;
import static dev.ripcord.delivery.Procedure.Next.waiting;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.databases.StandbyException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.core.Provider.Found;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.core.SnapshotState.Abandonable;
import dev.ripcord.snapshot.core.SnapshotState.Abandoning;
import dev.ripcord.snapshot.core.SnapshotState.Doubted;
import dev.ripcord.snapshot.core.SnapshotState.Expired;
import dev.ripcord.snapshot.core.SnapshotState.Finished;
import dev.ripcord.snapshot.core.SnapshotState.Kept;
import dev.ripcord.snapshot.core.SnapshotState.Proving;
import dev.ripcord.snapshot.core.SnapshotState.Taking;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A snapshot from the question to its end: read the cases of {@link #advance} downwards. */
public final class SnapshotProcedure implements Procedure<SnapshotState> {

    /** The kind of its tasks; their ids are those of the snapshots. */
    public static final String KIND = "snapshot";

    /** How often a step is tried again whose outcome nobody knows. */
    private static final int ATTEMPTS = 5;

    /** For how long a step is tried again that fails of something that passes: a server that is full or restarts. */
    static final Duration PASSES_WITHIN = Duration.ofMinutes(2);

    /** The same for a proof, less and less often: a server or a store that is away for longer was lost, or it never passes. */
    private static final Duration PROVEN_WITHIN = Duration.ofHours(1);

    /** Each attempt fills the disk that the application writes to: so long after the first, the second and the third. */
    private static final List<Duration> WITHOUT_ROOM =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofMinutes(30));

    /** How long clearing away may take until it is told what it is about. */
    private static final Duration CLEARED_WITHIN = Duration.ofMinutes(1);

    /** How long the news of another migration's end may take to arrive after the question that needs it. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(10);

    private static final Duration UNTIL_NEWS = Duration.ofMillis(200);

    /** How far the clocks of the protected server and of the service's own database may be apart. */
    private static final Duration CLOCKS_APART = Duration.ofMinutes(10);

    private static final Duration LOOK_AGAIN = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Databases databases;
    private final Providers providers;
    private final Function<String, Optional<Refusal>> running;
    private final Predicate<String> released;
    private final Consumer<SnapshotEvent> told;

    /**
     * A procedure for these databases.
     *
     * @param running what another migration has against it that this snapshot is taken now
     * @param released whether a snapshot's migration was declared good
     * @param told hears of each event that is announced
     */
    public SnapshotProcedure(
            Databases databases,
            Providers providers,
            Function<String, Optional<Refusal>> running,
            Predicate<String> released,
            Consumer<SnapshotEvent> told) {
        this.databases = databases;
        this.providers = providers;
        this.running = running;
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
            case Taking taking -> take(task, taking);
            case Proving proving -> prove(task, proving);
            case Kept kept -> keep(task, kept);
            case Doubted doubted -> keep(task, doubted);
            case Abandoning abandoning -> abandon(task, abandoning);
            case Finished finished -> end(finished);
        };
    }

    private Next<SnapshotState> take(Task<SnapshotState> task, Taking taking) {
        Optional<Refusal> other = running.apply(task.id());
        if (other.isPresent()) {
            if (task.inState().compareTo(NEWS_LIMIT) < 0) return waiting(taking, UNTIL_NEWS);
            // nothing was begun that would have to be cleared away
            return failed(task, taking.abandon(other.get()));
        }
        return switch (providers.of(taking.form()).take(order(task))) {
            // somebody may need it: it is not cleared away
            case Found(Taken old)
            when old.takenAt().isBefore(task.created().minus(CLOCKS_APART)) ->
                failed(task, taking.abandon(setBack(task, old)));
            case Found(Taken found) -> taken(task, taking, found);
            case Taken taken -> taken(task, taking, taken);
            case Refusal refusal -> to(taking.abandon(refusal));
        };
    }

    private Next<SnapshotState> taken(Task<SnapshotState> task, Taking taking, Taken taken) {
        return to(
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
    }

    /** Its id was used before, and only the service's own state has forgotten that. */
    private static Refusal setBack(Task<SnapshotState> task, Taken old) {
        return new Refusal(
                "there is a snapshot " + task.id() + " of " + old.takenAt()
                        + ", from before it was asked for: the state of the"
                        + " snapshot service was set back, or a clock is wrong",
                "ask again, for a snapshot of another id; the one that was found is left as it is");
    }

    private Next<SnapshotState> prove(Task<SnapshotState> task, Proving proving) {
        Order order = order(task);
        Provider provider = providers.of(proving.form());
        Manifest manifest = provider.manifest(order, proving.taken());
        return switch (provider.restore(order, manifest, task.id())) {
            case Provider.Restored restored ->
                to(
                        proving.kept(manifest, restored.shadow(), until(proving.taken(), order)),
                        told(new SnapshotEvent.Proven(
                                task.database(),
                                task.id(),
                                proving.migration(),
                                proving.form().name(),
                                proving.taken().takenAt(),
                                restored.shadow(),
                                manifest,
                                task.inState().toMillis())));
            case Refusal refusal -> doubt(task, proving, refusal, until(proving.taken(), order));
        };
    }

    private Next<SnapshotState> doubt(Task<SnapshotState> task, Proving proving, Refusal refusal, Instant until) {
        Refusal kept = new Refusal(refusal.reason(), refusal.next() + "; what was taken is kept, but not used");
        return to(
                proving.doubted(kept, until),
                told(new SnapshotEvent.Failed(
                        task.database(), task.id(), proving.migration(), kept.reason(), kept.next())));
    }

    private static Instant until(Taken taken, Order order) {
        return taken.takenAt().plus(order.database().snapshot().retention());
    }

    private Next<SnapshotState> keep(Task<SnapshotState> task, Kept kept) {
        Optional<Duration> left = left(task, kept.until());
        if (left.isPresent()) return waiting(kept, left.get());
        providers.of(kept.form()).drop(order(task), kept.shadow());
        providers.of(kept.form()).delete(order(task), Optional.empty());
        return expired(task, kept.expired());
    }

    private Next<SnapshotState> keep(Task<SnapshotState> task, Doubted doubted) {
        if (!doubted.cleared()) {
            providers.of(doubted.form()).discard(order(task), task.id());
            return to(doubted.withoutShadow());
        }
        Optional<Duration> left = left(task, doubted.until());
        if (left.isPresent()) return waiting(doubted, left.get());
        providers.of(doubted.form()).delete(order(task), Optional.of(task.id()));
        return expired(task, doubted.expired());
    }

    /** When to look again; empty when it may go. */
    private Optional<Duration> left(Task<SnapshotState> task, Instant until) {
        if (!released.test(task.id())) return Optional.of(LOOK_AGAIN);
        Duration left = Duration.between(Instant.now(), until);
        if (!left.isPositive()) return Optional.empty();
        return Optional.of(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
    }

    private Next<SnapshotState> expired(Task<SnapshotState> task, Expired expired) {
        return end(
                expired,
                told(new SnapshotEvent.Expired(
                        task.database(),
                        task.id(),
                        expired.migration(),
                        "its migration was declared good or rolled back, and its least retention has passed")));
    }

    private Next<SnapshotState> abandon(Task<SnapshotState> task, Abandoning abandoning) {
        providers.of(abandoning.form()).delete(order(task), Optional.of(task.id()));
        return failed(task, abandoning);
    }

    private Next<SnapshotState> failed(Task<SnapshotState> task, Abandoning abandoning) {
        if (abandoning.told()) return end(abandoning.failed());
        return end(
                abandoning.failed(),
                told(new SnapshotEvent.Failed(
                        task.database(), task.id(), abandoning.migration(), abandoning.reason(), abandoning.next())));
    }

    /** Who waits for word of it does not wait for as long as the server is away. */
    private Next<SnapshotState> clearAgain(Task<SnapshotState> task, Abandoning abandoning, RuntimeException failure) {
        Duration after = Procedure.backoff(task.attempts());
        if (abandoning.told() || task.inState().compareTo(CLEARED_WITHIN) < 0) return waiting(abandoning, after);
        SnapshotEvent.Failed event = new SnapshotEvent.Failed(
                task.database(),
                task.id(),
                abandoning.migration(),
                abandoning.reason() + "; nor can what is left of it be cleared away yet: " + failure.getMessage(),
                abandoning.next() + "; clearing away goes on by itself, and until then the database may be closed");
        return new Next<>(abandoning.toldBefore(), List.of(told(event)), after, false);
    }

    @Override
    public Next<SnapshotState> onFailure(Task<SnapshotState> task, RuntimeException failure) {
        Duration after = Procedure.backoff(task.attempts());
        boolean refused = failure instanceof RefusedException;
        boolean last = refused || ofTheServer(failure) || task.attempts() + 1 >= ATTEMPTS;
        return switch (task.state()) {
            case Abandonable abandonable when passing(failure) && soon(task) -> waiting(abandonable, after);
            case Abandonable abandonable when last -> to(abandonable.abandon(cause(failure)));
            case Abandonable abandonable -> waiting(abandonable, after);
            case Proving proving -> proveAgain(task, proving, failure);
            // what is not the enrolled database any more is not touched, to clean up neither
            case Abandoning abandoning -> refused ? failed(task, abandoning) : clearAgain(task, abandoning, failure);
            case Kept kept -> waiting(kept, AGAIN);
            case Doubted doubted ->
                waiting(doubted, refused || task.inState().compareTo(PROVEN_WITHIN) > 0 ? LOOK_AGAIN : AGAIN);
            case Finished finished -> end(finished);
        };
    }

    private Next<SnapshotState> proveAgain(Task<SnapshotState> task, Proving proving, RuntimeException failure) {
        Instant until = proving.taken().takenAt().plus(Duration.ofDays(1));
        Proving failed = proving.failedOnceMore();
        if (failure instanceof DatabaseFailure known && known.noRoom()) {
            return failed.failures() > WITHOUT_ROOM.size()
                    ? doubt(task, proving, givenUp(failure), until)
                    : waiting(failed, WITHOUT_ROOM.get(failed.failures() - 1));
        }
        // that says nothing of what was taken, and what is in doubt once has no way back
        boolean seenTo = ofTheServer(failure) || ofAFile(failure);
        boolean passes = seenTo || passing(failure);
        Duration next = seenTo ? AGAIN : Procedure.backoff(task.attempts());
        if (passes && task.inState().compareTo(PROVEN_WITHIN) < 0) {
            return waiting(proving, soon(task) ? next : task.inState().dividedBy(2));
        }
        // nor does the hour, which the service itself may have been away for
        if (failed.failures() < ATTEMPTS && (passes || !(failure instanceof RefusedException))) {
            return waiting(failed, passes ? AGAIN : next);
        }
        return doubt(task, proving, passes ? givenUp(failure) : cause(failure), until);
    }

    private static Refusal givenUp(RuntimeException failure) {
        return new Refusal(
                "the proof could not be made again and again, which says nothing of what was taken: "
                        + failure.getMessage(),
                "remove the cause and ask at the gate again, for another snapshot");
    }

    private static Refusal cause(RuntimeException failure) {
        return new Refusal(String.valueOf(failure.getMessage()), "remove the cause and ask again");
    }

    private static boolean soon(Task<SnapshotState> task) {
        return task.inState().compareTo(PASSES_WITHIN) < 0;
    }

    static boolean passing(RuntimeException failure) {
        return failure instanceof DatabaseFailure known && known.passing();
    }

    /** Whether somebody must see to the server before the same can succeed. */
    static boolean ofTheServer(RuntimeException failure) {
        return failure instanceof StandbyException || failure instanceof DatabaseFailure known && known.ofTheServer();
    }

    /** Whether the store or a folder of this service could not be read or written, which shows no content to be wrong. */
    private static boolean ofAFile(RuntimeException failure) {
        return failure instanceof UncheckedIOException;
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
