package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Changed;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Copying;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.hold.Holds;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.plan.Planner;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** The steps of a rollback that leaves the live database where it stands, downwards: plan, begin, secure, rehearse, change, verify. */
@ApplicationScoped
class InPlace {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** A copy for the plan alone would close a database of the clone form for a moment, or read all of it for a dump. */
    private static final String REHEARSAL =
            "before, it is rehearsed on the copy of the live database that is made then (a large partial restore is not);"
                    + " a dry run makes none";

    private final Databases databases;
    private final KnownSnapshots snapshots;
    private final Copies copies;
    private final Planner planner;
    private final LiveChange live;
    private final Holds holds;
    private final TellingInPlace tell;

    InPlace(
            Databases databases,
            KnownSnapshots snapshots,
            Copies copies,
            Planner planner,
            LiveChange live,
            Holds holds,
            TellingInPlace tell) {
        this.databases = databases;
        this.snapshots = snapshots;
        this.copies = copies;
        this.planner = planner;
        this.live = live;
        this.holds = holds;
        this.tell = tell;
    }

    /** What the rung would do, from a copy where it compares with one. */
    Next<RollbackState> plan(Task<RollbackState> task, Planning state) {
        Method method = live.method(state.rung());
        if (method.changesDatabase() && database(task).roles().change() == null) {
            return fall(state, "databases.yaml names no role for changes in place: ripcord enrol --in-place");
        }
        if (method.readsCopy() && state.reading() == null) {
            return Next.to(
                    state.copying(),
                    new RestoreEvent.Requested(
                            task.database(),
                            task.id() + RollbackProcedure.FOR_READING,
                            state.target().snapshot()));
        }
        EnrolledDatabase database = database(task);
        LiveChange.Drafted drafted = live.draft(database, state, method, task.fence());
        return switch (drafted.draft()) {
            case Draft.Ready ready ->
                tell.planned(
                        state,
                        planner.inPlace(
                                database,
                                state,
                                drafted.identity(),
                                method.changesDatabase() ? ready.noted(REHEARSAL) : ready),
                        drafted.identity());
            case Draft.Nothing nothing -> tell.nothingToDo(task, state, nothing.reason());
            case Draft.Wrong wrong -> tell.refused(state, wrong.reason(), wrong.next());
            case Draft.NotAvailable not -> fall(state, not.reason());
        };
    }

    private Next<RollbackState> fall(Planning from, String reason) {
        return from.fallen()
                .map(next -> tell.fell(from, next, reason, false))
                .orElseGet(() ->
                        tell.refused(from, from.rung() + " is not to be had: " + reason, "ask for another method"));
    }

    Next<RollbackState> copy(Task<RollbackState> task, Copying state) {
        Optional<RestoreEvent.Completed> completed = copies.restored(task, RollbackProcedure.FOR_READING);
        if (completed.isPresent()) return Next.to(state.copied(completed.get().shadow()));
        Optional<String> never = copies.notRestored(task, RollbackProcedure.FOR_READING);
        if (never.isPresent()) return fall(state.copied(null), "there is no copy to compare with: " + never.get());
        return Next.waiting(state, LOOK_AGAIN);
    }

    /** The plan is approved. */
    Next<RollbackState> begin(Approving state, String by) {
        return tell.started(state, by, live.method(state.planning().rung()).changesDatabase());
    }

    /** Waits for the snapshot of the live database as it is, bad as it may be: it is what undoes the change. */
    Next<RollbackState> secure(Task<RollbackState> task, Securing state) {
        if (!live.method(state.planning().rung()).changesDatabase()) return Next.to(state.withoutSnapshot());
        Optional<KnownSnapshots.Known> known =
                snapshots.meant(task.database(), null, state.request().emergency());
        if (known.isPresent() && known.get().problem() != null) {
            return tell.refused(
                    state,
                    "there is no snapshot before the change: " + known.get().problem(),
                    "mend that, then ask again");
        }
        if (known.isPresent() && known.get().usable() && known.get().shadow() != null) {
            return Next.to(state.secured(known.get().id(), known.get().shadow()));
        }
        if (task.inState().compareTo(database(task).snapshot().limit()) > 0) {
            return tell.refused(
                    state, "no snapshot was proven before the change in time", "look at the snapshot service");
        }
        return Next.waiting(state, LOOK_AGAIN);
    }

    /** Does it on the copy of the live database first: what fails there is not tried on the live one. */
    Next<RollbackState> rehearse(Task<RollbackState> task, Rehearsing state) {
        LiveChange.Rehearsed rehearsed = live.rehearse(
                database(task), state, live.method(state.planning().rung()), task.fence());
        return switch (rehearsed.effect()) {
            case Effect.Done done -> hold(task, tell.rehearsed(task, state, rehearsed.says()), state);
            case Effect.NotDone not -> {
                String reason = "the rehearsal on " + state.copy().name() + " failed: " + not.reason();
                yield state.planning()
                        .fallen()
                        .map(next -> tell.fell(state.planning(), next, reason, true))
                        .orElseGet(() -> tell.failed(state, reason, "mend that, then ask again with a new id"));
            }
            case Effect.Outdated outdated ->
                tell.failed(state, "the plan does not hold any more: " + outdated.reason(), "ask again for a new plan");
        };
    }

    /** It is not gone on with, wherever it was interrupted. */
    void endRehearsal(Task<RollbackState> task, Rehearsing state) {
        databases.find(task.database()).ifPresent(database -> live.endRehearsal(database, state, task.fence()));
    }

    /** The last thing before the change: nothing new is delivered to a database that is being put right. */
    private Next<RollbackState> hold(Task<RollbackState> task, Next<RollbackState> rehearsed, Rehearsing state) {
        long began = System.nanoTime();
        return switch (holds.pause(database(task), task.id())) {
            case Holds.Paused.GoOn goOn -> rehearsed.with(tell.paused(state, goOn.words(), began));
            case Holds.Paused.Stop stop -> tell.failed(state, stop.reason(), stop.next());
        };
    }

    Next<RollbackState> change(Task<RollbackState> task, Changing state) {
        return switch (live.act(
                database(task), state, live.method(state.planning().rung()), task.fence())) {
            case Effect.Done done -> tell.changed(task, state, done);
            case Effect.NotDone not -> notChanged(state, not.reason());
            case Effect.Outdated outdated ->
                tell.failed(state, "the plan does not hold any more: " + outdated.reason(), "ask again for a new plan");
        };
    }

    private Next<RollbackState> notChanged(Changing state, String reason) {
        return state.planning()
                .fallen()
                .map(next -> tell.fell(state.planning(), next, reason, state.snapshot() != null))
                .orElseGet(() -> tell.failed(state, reason, "mend that, then ask again with a new id"));
    }

    Next<RollbackState> verify(Task<RollbackState> task, Changed state) {
        return switch (Verdict.of(task, databases.find(task.database()), false)) {
            case Verdict.Awaited awaited -> Next.waiting(state, LOOK_AGAIN);
            case Verdict.Passed passed -> tell.putRight(database(task), task, state, passed);
            case Verdict.NotPassed not -> tell.doubtful(state, not.reason());
        };
    }

    /** It is tried no more. */
    Next<RollbackState> giveUp(Task<RollbackState> task, Changing state, String reason) {
        boolean unchanged = databases
                .find(task.database())
                .map(database -> live.letGo(database, state, task.fence()))
                .orElse(false);
        return unchanged
                ? tell.failed(state, reason, "mend that, then ask again with a new id")
                : tell.unknown(state, reason);
    }

    private EnrolledDatabase database(Task<RollbackState> task) {
        return databases
                .find(task.database())
                .orElseThrow(() -> new RefusedException("Database " + task.database() + " is not enrolled any more"));
    }
}
