package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Abandoning;
import dev.ripcord.rollback.core.RollbackState.Announcing;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.BeforeSwap;
import dev.ripcord.rollback.core.RollbackState.Cancellable;
import dev.ripcord.rollback.core.RollbackState.Changed;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Copying;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Finished;
import dev.ripcord.rollback.core.RollbackState.Installing;
import dev.ripcord.rollback.core.RollbackState.Moving;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.PointedTo;
import dev.ripcord.rollback.core.RollbackState.Preparing;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.RollbackState.Restoring;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.core.Swapped;
import dev.ripcord.rollback.hold.Holds;
import dev.ripcord.rollback.loss.LossReport;
import dev.ripcord.rollback.swap.Swap;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rollback from request to outcome: read the cases of {@link #advance} downwards. */
@ApplicationScoped
public class RollbackProcedure implements Procedure<RollbackState> {

    public static final String KIND = "rollback";

    /** What the id of a restore ends with whose copy is only counted against. */
    public static final String FOR_COUNTING = "/count";

    /** What the id of a restore ends with whose copy is only compared with. */
    public static final String FOR_READING = "/read";

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** How long a server that is not the enrolled one may take to be that again. */
    private static final Duration OPEN_LIMIT = Duration.ofMinutes(15);

    private static final int PATIENCE = 4;
    private static final int LONG_PATIENCE = 20;

    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String NOT_ACCEPTING = "55000";

    /** Too many connections; the server is starting or shutting down: it passes. */
    private static final Set<String> PASSING = Set.of(TOO_MANY_CONNECTIONS, "57P03");

    private final Databases databases;
    private final Admission admission;
    private final Preparation preparation;
    private final InPlace inPlace;
    private final Elsewhere elsewhere;
    private final Copies copies;
    private final Swap swap;
    private final LossReport lossReport;
    private final Versions versions;
    private final Telling tell;
    private final Alarms alarms;
    private final Holds holds;

    RollbackProcedure(
            Databases databases,
            Admission admission,
            Preparation preparation,
            InPlace inPlace,
            Elsewhere elsewhere,
            Copies copies,
            Swap swap,
            LossReport lossReport,
            Versions versions,
            Telling tell,
            Alarms alarms,
            Holds holds) {
        this.holds = holds;
        this.databases = databases;
        this.admission = admission;
        this.preparation = preparation;
        this.inPlace = inPlace;
        this.elsewhere = elsewhere;
        this.copies = copies;
        this.swap = swap;
        this.lossReport = lossReport;
        this.versions = versions;
        this.tell = tell;
        this.alarms = alarms;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<RollbackState> states() {
        return RollbackState.class;
    }

    @Override
    public Next<RollbackState> advance(Task<RollbackState> task) {
        return BrokenGlass.noted(task, step(task));
    }

    private Next<RollbackState> step(Task<RollbackState> task) {
        if (task.state() instanceof Cancellable cancellable) {
            Optional<String> over = Voices.withdrawn(task).or(() -> alarms.raised(task));
            if (over.isPresent()) return refused(task, cancellable, over.get(), "ask again");
        }
        if (task.state() instanceof Swapping swapping) {
            Optional<String> givenUp = Voices.givenUp(task);
            if (givenUp.isPresent()) return Next.to(swapping.abandon(givenUp.get()));
        }
        return switch (task.state()) {
            case Asked asked -> admit(task, asked);
            case Planning planning -> plan(task, planning);
            case Copying copying -> inPlace.copy(task, copying);
            case Approving approving -> approve(task, approving);
            case Securing securing -> inPlace.secure(task, securing);
            case Rehearsing rehearsing -> inPlace.rehearse(task, rehearsing);
            case Changing changing -> inPlace.change(task, changing);
            case Changed changed -> inPlace.verify(task, changed);
            case Moving moving -> elsewhere.move(task, moving);
            case Installing installing -> elsewhere.install(task, installing);
            case PointedTo pointed -> elsewhere.point(task, pointed);
            case Preparing preparing -> prepare(task, preparing);
            case Restoring restoring -> restore(task, restoring);
            case Announcing announcing -> announce(task, announcing);
            case Swapping swapping -> swap(task, swapping);
            case Opened opened -> verify(task, opened);
            case Counting counting -> count(task, counting);
            case Abandoning abandoning ->
                swap.lowerFence(database(task), abandoning.given(), task.fence(), Voices.reopenAsked(task.mail()))
                        .map(swapped -> found(task, abandoning.swappedAllTheSame(swapped)))
                        .orElseGet(() -> tell.abandoned(database(task), abandoning));
            case Finished finished -> Next.end(finished);
        };
    }

    private Next<RollbackState> admit(Task<RollbackState> task, Asked asked) {
        return switch (admission.decide(task, this)) {
            case Admission.Decision.Admitted admitted ->
                tell.admitted(asked.admitted(admitted.target()), admitted.words());
            case Admission.Decision.NotYet notYet -> Next.waiting(asked.waitingFor(notYet.reason()), LOOK_AGAIN);
            case Admission.Decision.WithoutSnapshot without ->
                tell.fell(asked.request(), Rung.full, without.next(), without.reason());
            case Admission.Decision.Denied denied -> tell.refused(asked, denied.reason(), denied.next());
        };
    }

    private Next<RollbackState> plan(Task<RollbackState> task, Planning state) {
        if (!state.rung().swaps()) return inPlace.plan(task, state);
        if (Elsewhere.isMeant(state) && state.rung() == Rung.full) return elsewhere.plan(task, state);
        EnrolledDatabase database = database(task);
        if (state.rung() == Rung.rebuild) {
            Preparation.Built built = preparation.rebuild(database, state);
            return tell.planned(built.state(), built.plan(), built.identity());
        }
        Preparation.Planned planned = preparation.plan(database, state, task.fence());
        return tell.planned(state, planned.plan(), planned.identity());
    }

    private Next<RollbackState> approve(Task<RollbackState> task, Approving state) {
        if (state.plan().expired(Instant.now())) {
            return refused(
                    task,
                    state,
                    "the plan expired at " + state.plan().times().expiresAt() + ", unused",
                    "make it again");
        }
        Approval approval = Approval.decide(
                database(task),
                state.request().requestedBy(),
                state.plan(),
                task.stateSince(),
                Voices.approvals(task.mail()).stream()
                        // the approval of a rung above it is no word about this one
                        .filter(said -> state.planning().step() == 0
                                || said.approved()
                                        .planHash()
                                        .equals(state.plan().hash()))
                        .toList());
        return switch (approval) {
            case Approval.Given given -> BrokenGlass.announced(state, given, begin(task, state, given.by()));
            case Approval.Denied denied ->
                refused(task, state, denied.reason(), "ask again, and approve the plan that is shown");
            case Approval.Awaited awaited -> Next.waiting(state, Duration.ofMinutes(1));
        };
    }

    private Next<RollbackState> begin(Task<RollbackState> task, Approving state, String by) {
        Optional<Admission.Decision.Denied> overtaken = admission.overtaken(task);
        if (overtaken.isPresent()) {
            return refused(
                    task, state, overtaken.get().reason(), overtaken.get().next());
        }
        if (Elsewhere.isMeant(state) && state.planning().rung() == Rung.full) return elsewhere.begin(state, by);
        List<String> changed = preparation.changedSince(database(task), state);
        if (!changed.isEmpty()) {
            return refused(
                    task,
                    state,
                    "this is not as it was planned: " + String.join("; ", changed),
                    "see to it, then make the plan again");
        }
        if (!state.planning().rung().swaps()) return inPlace.begin(state, by);
        return Next.to(
                state.approved(by),
                new RollbackEvent.Started(
                        task.database(), task.id(), state.plan().hash(), by));
    }

    private Next<RollbackState> prepare(Task<RollbackState> task, Preparing state) {
        Optional<Admission.Decision.Denied> overtaken = admission.overtaken(task);
        if (overtaken.isPresent()) {
            return refused(
                    task, state, overtaken.get().reason(), overtaken.get().next());
        }
        return switch (preparation.look(database(task), state)) {
            case Preparation.Readiness.Ready ready -> hold(task, state, ready.copy());
            case Preparation.Readiness.Blocked blocked ->
                refused(
                        task,
                        state,
                        "something is in the way: " + String.join("; ", blocked.blockers()),
                        "end it, then ask again");
            case Preparation.Readiness.NoCopy missing -> {
                if (state.request().undoes() != null
                        || copies.restored(task, state.target()).isPresent()) {
                    yield refused(
                            task,
                            state,
                            "there is no trustworthy copy: " + missing.reason(),
                            state.request().undoes() == null
                                    ? "ask again for a fresh one"
                                    : "there is no other: look into it, and take over by hand what is needed");
                }
                yield Next.to(
                        state.restoring(),
                        new RestoreEvent.Requested(
                                task.database(),
                                task.id(),
                                state.target().snapshot(),
                                state.target().scripts(),
                                null));
            }
        };
    }

    /** Nothing new is delivered to a database that is being replaced. */
    private Next<RollbackState> hold(Task<RollbackState> task, Preparing state, Shadow copy) {
        long began = System.nanoTime();
        return switch (holds.pause(database(task), task.id())) {
            case Holds.Paused.GoOn goOn -> tell.prepared(state.prepared(copy), goOn.words(), began);
            case Holds.Paused.Stop stop -> refused(task, state, stop.reason(), stop.next());
        };
    }

    private Next<RollbackState> announce(Task<RollbackState> task, Announcing state) {
        return admission
                .overtaken(task)
                .map(denied -> refused(task, state, denied.reason(), denied.next()))
                .orElseGet(() -> tell.swapping(database(task), state.announced()));
    }

    private Next<RollbackState> restore(Task<RollbackState> task, Restoring state) {
        Optional<RestoreEvent.Completed> completed = copies.restored(task, state.target());
        if (completed.isPresent()) return Next.to(state.restored(completed.get().shadow()));
        Optional<String> never = copies.notRestored(task, state.target());
        if (never.isEmpty()) return Next.waiting(state, LOOK_AGAIN);
        if (state.target().built()) {
            return refused(task, state, "the database could not be built: " + never.get(), "mend that, then ask again");
        }
        String reason = "no copy could be restored: " + never.get();
        return swappedBefore(task, state)
                .or(() -> state.withoutCopy().map(next -> tell.fell(state.request(), Rung.full, next, reason)))
                .orElseGet(() -> tell.refused(state, reason, "name another snapshot"));
    }

    private Next<RollbackState> refused(Task<RollbackState> task, Cancellable from, String reason, String next) {
        if (from instanceof Rehearsing rehearsing) inPlace.endRehearsal(task, rehearsing);
        return swappedBefore(task, from).orElseGet(() -> {
            Next<RollbackState> refused = tell.refused(from, reason, next);
            return from instanceof Announcing ? refused.with(tell.calledOff(databases, from)) : refused;
        });
    }

    /** A swap that this rollback does not know of: its own state is of a backup that is older than the swap. */
    private Optional<Next<RollbackState>> swappedBefore(Task<RollbackState> task, Cancellable from) {
        if (!(from instanceof BeforeSwap before) || Elsewhere.isMeant(from)) return Optional.empty();
        if (before.request().ladder().stream().noneMatch(Rung::swaps)) return Optional.empty();
        return onServer(task, before).map(before::swappedAllTheSame).map(opened -> found(task, opened));
    }

    /** None also where the server cannot be asked. What the rollback closed there without knowing it is opened. */
    private Optional<Swapped> onServer(Task<RollbackState> task, BeforeSwap state) {
        try {
            Optional<Swapped> swapped = swap.swapped(database(task), task.id(), state.identity());
            if (swapped.isEmpty()) swap.openForgotten(database(task), task.id(), "the rollback itself, refused");
            return swapped;
        } catch (DatabaseFailure | RefusedException e) {
            return Optional.empty();
        }
    }

    /** The live database is closed in here, and nowhere else. */
    private Next<RollbackState> swap(Task<RollbackState> task, Swapping state) {
        return switch (swap.perform(database(task), state, task.fence())) {
            case Swap.Done.Made made -> opened(task, state.swapped(made.swapped()), made.steps());
            case Swap.Done.Found found -> found(task, state.swapped(found.swapped()));
        };
    }

    /** The database is back; before it is verified, the migration tool's table is looked at. */
    private Next<RollbackState> opened(Task<RollbackState> task, Opened state, List<RollbackEvent.Step> steps) {
        return tell.opened(state, steps).with(versions.afterSwap(database(task), state, task.fence()));
    }

    /** The same where it has been back for some time, in which migrations may have run. */
    private Next<RollbackState> found(Task<RollbackState> task, Opened state) {
        return tell.found(state).with(versions.afterEarlierSwap(database(task), state));
    }

    private Next<RollbackState> verify(Task<RollbackState> task, Opened state) {
        if (state.request().undoes() != null) return tell.undone(database(task), task, state);
        return switch (Verdict.of(
                task, databases.find(task.database()), state.target().built())) {
            case Verdict.Awaited awaited -> Next.waiting(state, LOOK_AGAIN);
            case Verdict.Passed passed -> tell.completed(database(task), task, state, passed);
            case Verdict.NotPassed not -> tell.unverified(database(task), task, state, not.reason());
        };
    }

    private Next<RollbackState> count(Task<RollbackState> task, Counting state) {
        // it takes back what is counted here, and every moment until then more is lost
        if (admission.undoAsked(task)) return notCounted(task, state, "an undo was asked for");
        Optional<RestoreEvent.Completed> copy = copies.restored(task, FOR_COUNTING);
        if (copy.isEmpty()) {
            return copies.notRestored(task, FOR_COUNTING)
                    .map(reason -> notCounted(task, state, "there is no copy to compare with: " + reason))
                    .orElseGet(() -> Next.waiting(state, LOOK_AGAIN));
        }
        long began = System.nanoTime();
        LossReport.Counted counted = lossReport.count(
                database(task),
                task.id(),
                task.fence(),
                state.swapped(),
                copy.get().shadow(),
                () -> {
                    if (admission.undoAsked(task)) throw new IllegalStateException("an undo was asked for");
                });
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return Next.end(
                state.counted(state.swapped().sealed(counted.seal())),
                new RollbackEvent.LossCounted(task.database(), task.id(), counted.loss(), millis));
    }

    private Next<RollbackState> notCounted(Task<RollbackState> task, Counting state, String reason) {
        // one that is not enrolled any more is left as it is: this would otherwise never end
        String seal = databases
                .find(task.database())
                .map(database -> lossReport.close(database, task.id(), task.fence(), state.swapped()))
                .orElse(state.swapped().keptSeal());
        return tell.notCounted(state, state.swapped().sealed(seal), reason);
    }

    @Override
    public Next<RollbackState> onFailure(Task<RollbackState> task, RuntimeException failure) {
        return BrokenGlass.noted(task, afterFailure(task, failure));
    }

    private Next<RollbackState> afterFailure(Task<RollbackState> task, RuntimeException failure) {
        String reason = String.valueOf(failure.getMessage());
        boolean refused =
                failure instanceof RefusedException || (failure instanceof DatabaseFailure guard && guard.refused());
        boolean passing =
                failure instanceof DatabaseFailure known && PASSING.contains(String.valueOf(known.sqlState()));
        return switch (task.state()) {
            case Cancellable untouched
            when refused || task.attempts() >= (passing ? LONG_PATIENCE : PATIENCE) ->
                refused(task, untouched, reason, refused ? "check the enrolment: ripcord enrol --help" : mend(failure));
            case Swapping swapping
            when heldByAnother(failure)
                    && task.inState().compareTo(database(task).snapshot().limit()) < 0
                    && admission.overtaken(task).isEmpty() -> Next.waiting(swapping, LOOK_AGAIN);
            case Swapping swapping
            when passing && task.attempts() < PATIENCE -> Next.waiting(swapping, Procedure.backoff(task.attempts()));
            case Swapping swapping ->
                swap.swapped(database(task), task.id(), swapping.identity())
                        .map(swapped -> found(task, swapping.swapped(swapped)))
                        .orElseGet(() -> Next.to(swapping.abandon(reason)));
            case Changing changing
            when refused || task.attempts() >= LONG_PATIENCE -> inPlace.giveUp(task, changing, reason);
            case Abandoning abandoning
            when refused && task.inState().compareTo(OPEN_LIMIT) > 0 ->
                tell.notOpened(databases.find(task.database()), abandoning, reason);
            case Installing installing
            when (refused || task.attempts() >= PATIENCE) && !elsewhere.installed(task) ->
                elsewhere.giveUp(task, installing, reason);
            case Counting counting when task.attempts() >= PATIENCE -> notCounted(task, counting, reason);
            case RollbackState same -> Next.waiting(same, Procedure.backoff(task.attempts()));
        };
    }

    /** Whoever has shut a damaged database, or whose sessions have filled it, keeps the rollback out as well. */
    private static String mend(RuntimeException failure) {
        String state = failure instanceof DatabaseFailure known ? String.valueOf(known.sqlState()) : "";
        return switch (state) {
            case TOO_MANY_CONNECTIONS ->
                "make room for ripcord_rollback: end sessions, or alter database … connection limit -1; then ask again";
            case NOT_ACCEPTING ->
                "let ripcord_rollback in, and nobody else: revoke connect on database … from public and the application's roles,"
                        + " then alter database … allow_connections true; then ask again";
            default -> "mend that, then ask again";
        };
    }

    /** A gate's snapshot, most likely, for which the live database is closed until it is copied. */
    private static boolean heldByAnother(RuntimeException failure) {
        return failure instanceof DatabaseFailure known && "RC004".equals(known.sqlState());
    }

    private EnrolledDatabase database(Task<RollbackState> task) {
        return database(task.database());
    }

    private EnrolledDatabase database(String id) {
        return databases
                .find(id)
                .orElseThrow(() -> new RefusedException("Database " + id + " is not enrolled any more"));
    }
}
