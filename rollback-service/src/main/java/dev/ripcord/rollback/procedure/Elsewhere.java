package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.SecondServer;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Installing;
import dev.ripcord.rollback.core.RollbackState.Moving;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.PointedTo;
import dev.ripcord.rollback.plan.Planner;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The steps of a rollback onto the second server, downwards: plan, begin, restore, install, point the application there. */
@ApplicationScoped
class Elsewhere {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CALL_AGAIN = Duration.ofSeconds(10);
    private static final Duration CONFIRM_LIMIT = Duration.ofHours(24);
    private static final Duration OPEN_LIMIT = Duration.ofMinutes(2);

    /** What an archive never holds. */
    private static final List<String> NEVER = List.of(
            "roles, their passwords and memberships: they must be there already",
            "replication slots and subscriptions: whoever reads changes begins anew with a slot there",
            "transaction ids and log positions: an outbox that is ordered by them must be emptied first",
            "cumulative statistics, jobs of the old server, prepared transactions");

    private final Databases databases;
    private final KnownSnapshots snapshots;
    private final Copies copies;
    private final Planner planner;
    private final dev.ripcord.rollback.elsewhere.SecondServer server;
    private final TellingElsewhere tell;

    Elsewhere(
            Databases databases,
            KnownSnapshots snapshots,
            Copies copies,
            Planner planner,
            dev.ripcord.rollback.elsewhere.SecondServer server,
            TellingElsewhere tell) {
        this.databases = databases;
        this.snapshots = snapshots;
        this.copies = copies;
        this.planner = planner;
        this.server = server;
        this.tell = tell;
    }

    /** Whether this rollback goes to the second server. */
    static boolean isMeant(RollbackState state) {
        return state.request().way() != null && state.request().way().elsewhere();
    }

    /** What would be done; the old server need not answer. */
    Next<RollbackState> plan(Task<RollbackState> task, Planning state) {
        EnrolledDatabase database = database(task);
        SecondServer second = database.secondServer();
        if (database.snapshot().form() != EnrolledDatabase.Form.archive) {
            return tell.refused(
                    state,
                    "snapshots of " + database.id()
                            + " are clones, which their own server has made and which exist only"
                            + " there: only an archive can be restored on another server",
                    "set snapshot.form: archive before the next migration, or leave --on-second-server out");
        }
        if (second == null) {
            return tell.refused(
                    state,
                    "databases.yaml names no second server for " + database.id() + ": expected secondServer",
                    "prepare one: ripcord enrol --second-server, write what it prints into databases.yaml, then restart the services");
        }
        Identity identity = server.vacant(database);
        List<String> steps = steps(database, second, state);
        return tell.planned(state, planner.elsewhere(database, state, identity, steps), identity);
    }

    private static List<String> steps(EnrolledDatabase database, SecondServer second, Planning state) {
        String there = second.server().connection();
        String old = database.server().connection();
        List<String> steps = new ArrayList<>();
        steps.add("restore the archive of snapshot " + state.target().snapshot() + " at " + there);
        steps.add(
                second.closeOld()
                        ? "close " + old + " and end its sessions"
                        : "leave " + old + " open: what is written there does not come along");
        steps.add("open " + there);
        steps.add(
                second.cutOver() == null
                        ? "a person points the application there, then: ripcord rollback confirm "
                                + state.request().rollback()
                        : "call " + second.cutOver() + " with the new connection");
        NEVER.forEach(each -> steps.add("does not come along: " + each));
        return steps;
    }

    /** The plan is approved. */
    Next<RollbackState> begin(Approving state, String by) {
        String database = state.request().database();
        String rollback = state.request().rollback();
        Plan plan = state.plan();
        return Next.to(
                state.approvedElsewhere(),
                new RollbackEvent.Started(database, rollback, plan.hash(), by),
                new RestoreEvent.Requested(database, rollback, state.target().snapshot(), null, true));
    }

    Next<RollbackState> move(Task<RollbackState> task, Moving state) {
        Optional<RestoreEvent.Completed> completed = copies.restored(task, state.target());
        if (completed.isPresent()) {
            return tell.restored(state.restored(completed.get().shadow()), completed.get());
        }
        return copies.notRestored(task, state.target())
                .map(reason -> tell.refused(
                        state, "it could not be restored on the second server: " + reason, "mend that, then ask again"))
                .orElseGet(() -> Next.waiting(state, LOOK_AGAIN));
    }

    /** Opens it there; until this has happened, everything can still be taken back. */
    Next<RollbackState> install(Task<RollbackState> task, Installing state) {
        EnrolledDatabase database = database(task);
        Map<String, String> properties = snapshots
                .meant(task.database(), state.target().snapshot(), null)
                .map(KnownSnapshots.Known::manifest)
                .map(Manifest::properties)
                .orElseThrow(() -> new RefusedException(
                        "The manifest of snapshot " + state.target().snapshot() + " is not known any more"));
        boolean close = second(database).closeOld();
        // a second server that does not answer fails here, before anybody is kept out of the old one
        if (close && !server.installed(database, task.id())) server.closeOld(database, task.id(), task.fence());
        List<String> notBrought = new ArrayList<>(NEVER);
        notBrought.addAll(server.install(database, task.id(), task.fence(), state.copy(), properties));
        return tell.installed(database, state.installed(notBrought, close));
    }

    /** It is not open there, and will not be: the old database is as it was, or nobody knows, for it may have died meanwhile. */
    Next<RollbackState> giveUp(Task<RollbackState> task, Installing state, String reason) {
        try {
            EnrolledDatabase database = database(task);
            if (second(database).closeOld()) server.openOld(database, task.id(), task.fence());
            return tell.notInstalled(state, reason);
        } catch (DatabaseFailure e) {
            if (e.passing() && task.inState().compareTo(OPEN_LIMIT) < 0) return Next.waiting(state, CALL_AGAIN);
            return tell.notOpened(state, reason, e);
        } catch (RefusedException e) {
            return tell.notOpened(state, reason, e);
        }
    }

    /** Whether a failed step is known to have opened it all the same: nobody has been pointed there yet. */
    boolean installed(Task<RollbackState> task) {
        try {
            return server.installed(database(task), task.id());
        } catch (DatabaseFailure | RefusedException e) {
            return false;
        }
    }

    Next<RollbackState> point(Task<RollbackState> task, PointedTo state) {
        EnrolledDatabase database = database(task);
        Optional<String> problem = server.problem(database, copy(state));
        if (problem.isPresent() && task.inState().compareTo(CONFIRM_LIMIT) > 0) {
            return tell.notPointed(database, state, problem.get());
        }
        if (problem.isPresent()) throw new IllegalStateException(problem.get());
        if (second(database).cutOver() == null) return confirmed(task, state, database);
        Optional<String> failed = tell.cutOver(database, state);
        if (failed.isPresent()) {
            return task.inState().compareTo(CONFIRM_LIMIT) > 0
                    ? tell.notPointed(database, state, failed.get())
                    : Next.waiting(state, CALL_AGAIN);
        }
        return tell.moved(task, database, state, "the cut-over hook was called");
    }

    private Next<RollbackState> confirmed(Task<RollbackState> task, PointedTo state, EnrolledDatabase database) {
        Optional<RollbackRequestEvent.Confirmed> said = Voices.confirmed(task, database);
        if (said.isPresent()) {
            return tell.moved(
                    task, database, state, "confirmed by " + said.get().confirmedBy());
        }
        return task.inState().compareTo(CONFIRM_LIMIT) > 0
                ? tell.notPointed(database, state, "nobody confirmed it within " + CONFIRM_LIMIT.toHours() + " hours")
                : Next.waiting(state, Duration.ofMinutes(1));
    }

    private static dev.ripcord.events.Shadow copy(PointedTo state) {
        if (state.target().copy() == null) throw new IllegalStateException("the copy is not known any more");
        return state.target().copy();
    }

    private static SecondServer second(EnrolledDatabase database) {
        SecondServer second = database.secondServer();
        if (second == null) throw new RefusedException("databases.yaml names no second server any more");
        return second;
    }

    private EnrolledDatabase database(Task<RollbackState> task) {
        return databases
                .find(task.database())
                .orElseThrow(() -> new RefusedException("Database " + task.database() + " is not enrolled any more"));
    }
}
