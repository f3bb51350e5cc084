package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Changed;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.hooks.Hooks;
import dev.ripcord.rollback.method.Effect;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is told of a rollback that leaves the live database where it stands. */
@ApplicationScoped
class TellingInPlace {

    private static final String UNCHANGED = "unchanged: the live database is as it was";

    private final Telling tell;
    private final Hooks hooks;

    TellingInPlace(Telling tell, Hooks hooks) {
        this.tell = tell;
        this.hooks = hooks;
    }

    Next<RollbackState> planned(Planning from, Plan plan, Identity identity) {
        return tell.planned(from, plan, identity);
    }

    Next<RollbackState> refused(RollbackState.Cancellable from, String reason, String next) {
        return tell.refused(from, reason, next);
    }

    /** The next rung, with the reason; {@code begun} where the change had been announced as a migration. */
    Next<RollbackState> fell(Planning from, Planning to, String reason, boolean begun) {
        Request request = from.request();
        List<RipcordEvent> events = new ArrayList<>();
        events.add(new RollbackEvent.Fell(
                request.database(),
                request.rollback(),
                from.rung().name(),
                to.rung().name(),
                reason));
        if (begun) events.add(new MigrationEvent.Failed(request.database(), request.emergency(), reason));
        return Next.<RollbackState>to(to).with(events);
    }

    Next<RollbackState> nothingToDo(Task<RollbackState> task, Planning from, String reason) {
        tell.outcome("nothing-to-do");
        return Next.end(
                new RollbackState.PutRight(from.request(), null),
                outcome(
                        task,
                        from.request(),
                        from.rung().name(),
                        null,
                        List.of("nothing to do: " + reason),
                        List.of()));
    }

    /** A change in place is a migration like any other: the snapshot before it is asked for in the same way. */
    Next<RollbackState> started(Approving from, String by, boolean changesDatabase) {
        Request request = from.request();
        List<RipcordEvent> events = new ArrayList<>();
        events.add(new RollbackEvent.Started(
                request.database(), request.rollback(), from.plan().hash(), by));
        if (changesDatabase) events.add(new MigrationEvent.Started(request.database(), request.emergency(), by));
        return Next.<RollbackState>to(from.approvedInPlace()).with(events);
    }

    Next<RollbackState> rehearsed(Task<RollbackState> task, Rehearsing from, String says) {
        Request request = from.request();
        return Next.to(
                from.rehearsed(says),
                new Step(
                        request.database(),
                        request.rollback(),
                        "rehearsed",
                        task.inState().toMillis(),
                        says));
    }

    /** What came of pausing delivery; nothing where there is nothing to pause. */
    List<RipcordEvent> paused(Rehearsing from, String words, long began) {
        if (words.isEmpty()) return List.of();
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        return List.of(
                new Step(from.request().database(), from.request().rollback(), "delivery-paused", millis, words));
    }

    Next<RollbackState> changed(Task<RollbackState> task, Changing from, Effect.Done done) {
        Request request = from.request();
        List<RipcordEvent> events = new ArrayList<>();
        List<String> details = new ArrayList<>(List.of(done.detail()));
        if (from.rehearsal() != null) details.add(from.rehearsal());
        events.add(new Step(
                request.database(),
                request.rollback(),
                "changed",
                task.inState().toMillis(),
                done.detail()));
        for (Effect.Note note : done.notes()) {
            events.add(new Step(request.database(), request.rollback(), note.step(), note.millis(), note.detail()));
            details.add(note.step() + ": " + note.detail());
        }
        if (from.snapshot() != null) events.add(new MigrationEvent.Completed(request.database(), request.emergency()));
        events.add(new VerificationEvent.Requested(
                request.database(),
                Telling.verification(request.rollback()),
                request.rollback(),
                from.planning().target().snapshot(),
                false,
                from.planning().rung() != Rung.schema,
                from.planning().rung() == Rung.schema ? true : null));
        return Next.<RollbackState>to(from.changed(details, done.loss())).with(events);
    }

    Next<RollbackState> putRight(
            EnrolledDatabase database, Task<RollbackState> task, Changed from, Verdict.Passed verdict) {
        Request request = from.request();
        List<RipcordEvent> events = new ArrayList<>();
        events.add(new Step(
                request.database(),
                request.rollback(),
                "verified",
                task.inState().toMillis(),
                verdict.line()));
        events.add(outcome(task, request, from.plan().method(), from.snapshot(), from.details(), from.loss()));
        if (database.hooks().restart() != null && !from.plan().method().equals(Rung.application.name())) {
            String answer = hooks.call(database.hooks().restart(), database.id(), request.rollback());
            events.add(new Step(request.database(), request.rollback(), "restart", 0, answer));
        }
        tell.outcome("completed-in-place");
        return Next.<RollbackState>end(from.verified()).with(events);
    }

    Next<RollbackState> doubtful(Changed from, String reason) {
        Request request = from.request();
        String next = "look at the findings; to go back: " + undo(request, from.snapshot());
        tell.outcome("doubtful");
        return Next.end(
                from.doubtful(reason, next),
                new RollbackOutcomeEvent.Failed(
                        request.database(),
                        request.rollback(),
                        "changed in place: " + String.join("; ", from.details()),
                        "verification " + reason,
                        next));
    }

    Next<RollbackState> failed(Changing from, String reason, String next) {
        return failed(from.request(), from.failed(reason, next), from.snapshot() != null, UNCHANGED, reason, next);
    }

    Next<RollbackState> failed(Rehearsing from, String reason, String next) {
        return failed(from.request(), from.failed(reason, next), true, UNCHANGED, reason, next);
    }

    /** Given up without an answer: whether the change was committed is not known. */
    Next<RollbackState> unknown(Changing from, String reason) {
        String next =
                "compare the live database with the plan before asking again; where another is told then that this one holds"
                        + " the database, have a superuser run in the admin database: select ripcord.reopen('"
                        + from.request().database() + "', '"
                        + from.request().rollback().replace("'", "''") + "'), which refuses while the change goes on";
        return failed(
                from.request(),
                from.failed(reason, next),
                from.snapshot() != null,
                "not known: the change was begun, and whether it was committed could not be found out",
                reason,
                next);
    }

    private Next<RollbackState> failed(
            Request request, RollbackState.Failed to, boolean begun, String state, String reason, String next) {
        tell.outcome("failed");
        List<RipcordEvent> events = new ArrayList<>();
        if (begun) events.add(new MigrationEvent.Failed(request.database(), request.emergency(), reason));
        events.add(new RollbackOutcomeEvent.Failed(request.database(), request.rollback(), state, reason, next));
        return Next.<RollbackState>end(to).with(events);
    }

    private static RollbackOutcomeEvent.CompletedInPlace outcome(
            Task<RollbackState> task,
            Request request,
            String method,
            @Nullable String snapshot,
            List<String> changes,
            List<dev.ripcord.events.TableLoss> loss) {
        return new RollbackOutcomeEvent.CompletedInPlace(
                request.database(),
                request.rollback(),
                method,
                snapshot,
                changes,
                Duration.between(task.created(), Instant.now()).toMillis(),
                loss,
                undo(request, snapshot));
    }

    private static String undo(Request request, @Nullable String snapshot) {
        return snapshot == null
                ? "nothing was changed in the database"
                : "ripcord rollback request " + request.database() + " --snapshot " + snapshot + " --reason …";
    }
}
