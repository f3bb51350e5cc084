package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Abandoning;
import dev.ripcord.rollback.core.RollbackState.Announcing;
import dev.ripcord.rollback.core.RollbackState.Cancellable;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.core.Swapped;
import dev.ripcord.rollback.hooks.Hooks;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is told, counted and called when a rollback gets to a state that others must know of. */
@ApplicationScoped
class Telling {

    private final Hooks hooks;
    private final MeterRegistry metrics;

    Telling(Hooks hooks, MeterRegistry metrics) {
        this.hooks = hooks;
        this.metrics = metrics;
    }

    /** What the ids of a rollback's verifications begin with. */
    static String verification(String rollback) {
        return rollback + "/verify";
    }

    /** Where a rule of the decision policy is overruled, it says so in the trail. */
    Next<RollbackState> admitted(Planning to, String words) {
        return to.request().overrides() == null || words.isEmpty()
                ? Next.to(to)
                : Next.to(to, step(to.request(), "overruled", 0, words));
    }

    Next<RollbackState> planned(Planning from, Plan plan, Identity identity) {
        RollbackEvent.Planned planned = new RollbackEvent.Planned(
                from.request().database(),
                from.request().rollback(),
                plan,
                from.request().dryRun() ? true : null);
        return from.request().dryRun()
                ? Next.end(from.shown(plan), planned, step(from.request(), "dry-run-ended", 0, "nothing was changed"))
                : Next.to(from.planned(plan, identity), planned);
    }

    /** One way back is not to be had, and the next one is tried; nothing was changed. */
    Next<RollbackState> fell(Request request, Rung from, Planning to, String reason) {
        return Next.to(
                to,
                new RollbackEvent.Fell(
                        request.database(),
                        request.rollback(),
                        from.name(),
                        to.rung().name(),
                        reason));
    }

    Next<RollbackState> refused(Cancellable from, String reason, String next) {
        Request request = from.request();
        outcome("refused");
        List<RipcordEvent> events = new ArrayList<>();
        if (begun(from)) events.add(new MigrationEvent.Failed(request.database(), request.emergency(), reason));
        events.add(new RollbackOutcomeEvent.Refused(request.database(), request.rollback(), reason, next));
        return Next.<RollbackState>end(from.refuse(reason, next)).with(events);
    }

    /** Whether the migration was announced as which a change in place takes its snapshot. */
    private static boolean begun(Cancellable from) {
        return from instanceof Rehearsing
                || (from instanceof Securing securing && securing.planning().rung() != Rung.application);
    }

    Next<RollbackState> prepared(Announcing to, String held, long heldSince) {
        List<RipcordEvent> steps = new ArrayList<>();
        steps.add(step(
                to.request(), "shadow-ready", 0, to.copy().name() + " is closed and unchanged since it was proven"));
        if (!held.isEmpty()) steps.add(step(to.request(), "delivery-paused", millis(heldSince), held));
        return Next.<RollbackState>to(to).with(steps);
    }

    /** Before the fence: the application is told to expect it. */
    Next<RollbackState> swapping(EnrolledDatabase database, Swapping to) {
        long began = System.nanoTime();
        String answer = hooks.call(
                database.hooks().maintenanceOn(), database.id(), to.request().rollback());
        return Next.to(to, step(to.request(), "maintenance-on", millis(began), answer));
    }

    /** What it may have been told to expect will not come. */
    List<RipcordEvent> calledOff(Databases databases, Cancellable from) {
        return databases
                .find(from.request().database())
                .<RipcordEvent>map(database -> maintenanceOff(database, from.request()))
                .stream()
                .toList();
    }

    /** The database is back and open: whether it is well is asked. */
    Next<RollbackState> opened(Opened to, List<Step> steps) {
        return opened(to, steps, verification(to.request().rollback()));
    }

    /** The same where it was back before: what was asked of it then may have been answered to nobody. */
    Next<RollbackState> found(Opened to) {
        return opened(to, List.of(), verification(to.request().rollback()) + "-again");
    }

    private Next<RollbackState> opened(Opened to, List<Step> steps, String verification) {
        Request request = to.request();
        metrics.timer("ripcord.rollback.outage", "database", request.database())
                .record(Duration.ofNanos((long) (to.swapped().outageMillis() * 1e6)));
        List<RipcordEvent> events = new ArrayList<>(steps);
        if (request.undoes() == null) {
            events.add(new VerificationEvent.Requested(
                    request.database(),
                    verification,
                    request.rollback(),
                    to.target().snapshot(),
                    false,
                    to.target().built(),
                    null));
        }
        return Next.<RollbackState>to(to).with(events);
    }

    Next<RollbackState> completed(
            EnrolledDatabase database, Task<RollbackState> task, Opened from, Verdict.Passed verdict) {
        Request request = from.request();
        List<RipcordEvent> events = new ArrayList<>();
        events.add(step(request, "verified", task.inState().toMillis(), verdict.line()));
        events.add(maintenanceOff(database, request));
        events.add(new RollbackOutcomeEvent.Completed(
                request.database(),
                request.rollback(),
                from.target().snapshot(),
                from.swapped().keptName(),
                from.swapped().outageMillis(),
                sinceRequest(task),
                from.plan().loss(),
                from.swapped().properties(),
                "ripcord rollback undo " + request.rollback(),
                null));
        if (database.hooks().restart() != null) {
            long began = System.nanoTime();
            String answer = hooks.call(database.hooks().restart(), database.id(), request.rollback());
            events.add(step(request, "restart", millis(began), answer));
        }
        outcome("completed");
        metrics.timer("ripcord.rollback.duration", "database", request.database())
                .record(Duration.ofMillis(sinceRequest(task)));
        // nothing of what is built anew was there before: each row that the plan names is lost
        if (from.target().built()) {
            return Next.<RollbackState>end(from.verified().counted(from.swapped()))
                    .with(events);
        }
        events.add(new RestoreEvent.Requested(
                request.database(),
                request.rollback() + RollbackProcedure.FOR_COUNTING,
                from.target().snapshot()));
        return Next.<RollbackState>to(from.verified()).with(events);
    }

    Next<RollbackState> unverified(EnrolledDatabase database, Task<RollbackState> task, Opened from, String reason) {
        Request request = from.request();
        String next = "look at the findings; to go back: ripcord rollback undo " + request.rollback();
        outcome("unverified");
        return Next.<RollbackState>end(
                from.unverified(reason, next),
                maintenanceOff(database, request),
                new RollbackOutcomeEvent.Failed(
                        request.database(),
                        request.rollback(),
                        "swapped: " + (from.target().built() ? "the new database" : "the snapshot")
                                + " is live and open, the failed database is kept as "
                                + from.swapped().keptName(),
                        "verification " + reason,
                        next));
    }

    Next<RollbackState> undone(EnrolledDatabase database, Task<RollbackState> task, Opened from) {
        Request request = from.request();
        outcome("undone");
        return Next.<RollbackState>end(
                from.undone(),
                maintenanceOff(database, request),
                new RollbackOutcomeEvent.Undone(
                        request.database(),
                        request.rollback(),
                        from.target().snapshot(),
                        from.swapped().keptName(),
                        from.swapped().outageMillis(),
                        sinceRequest(task)));
    }

    Next<RollbackState> abandoned(EnrolledDatabase database, Abandoning from) {
        Request request = from.request();
        String next = "mend that, then ask again with a new id";
        outcome("failed");
        return Next.<RollbackState>end(
                from.abandoned(next),
                maintenanceOff(database, request),
                new RollbackOutcomeEvent.Failed(
                        request.database(),
                        request.rollback(),
                        "unchanged: the live database is open as it was",
                        from.reason(),
                        next));
    }

    /** The server is not the one any more that was planned for, or its database is not enrolled: nothing more is done to it. */
    Next<RollbackState> notOpened(Optional<EnrolledDatabase> database, Abandoning from, String refusal) {
        Request request = from.request();
        String next = "where it is closed, have a superuser run in its admin database: select ripcord.reopen('"
                + request.database() + "')";
        outcome("failed");
        List<RipcordEvent> events = new ArrayList<>();
        database.ifPresent(known -> events.add(maintenanceOff(known, request)));
        events.add(new RollbackOutcomeEvent.Failed(
                request.database(),
                request.rollback(),
                "not known: nothing was swapped, but whether the live database is closed could not be found out",
                from.reason() + "; it could not be opened: " + refusal,
                next));
        return Next.<RollbackState>end(from.abandoned(next)).with(events);
    }

    Next<RollbackState> notCounted(Counting from, Swapped swapped, String reason) {
        return Next.end(
                from.counted(swapped),
                step(from.request(), "loss-not-counted", 0, reason + "; the estimate of the plan stands"));
    }

    private Step maintenanceOff(EnrolledDatabase database, Request request) {
        long began = System.nanoTime();
        String answer = hooks.call(database.hooks().maintenanceOff(), database.id(), request.rollback());
        return step(request, "maintenance-off", millis(began), answer);
    }

    void outcome(String which) {
        metrics.counter("ripcord.rollback.outcome", "outcome", which).increment();
    }

    private static Step step(Request request, String name, long millis, String detail) {
        return new Step(request.database(), request.rollback(), name, millis, detail);
    }

    private static long sinceRequest(Task<?> task) {
        return Duration.between(task.created(), Instant.now()).toMillis();
    }

    private static long millis(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }
}
