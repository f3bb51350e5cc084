package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.Deadlines;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.Standing;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** The alarms that were raised of rollbacks that stand in a state for too long: one for each time in a state. */
@ApplicationScoped
class Alarms {

    private final Databases databases;
    private final StateDatabase database;
    private final Tasks tasks;
    private final Inbox inbox;

    Alarms(Databases databases, StateDatabase database, Tasks tasks, Inbox inbox) {
        this.inbox = inbox;
        this.databases = databases;
        this.database = database;
        this.tasks = tasks;
    }

    /** That the state in which this rollback is lasts too long, where an alarm was raised of that. */
    Optional<String> raised(Task<RollbackState> task) {
        return database
                .query(
                        "select 1 from alarm where rollback = $1 and state = $2 and since = $3",
                        task.id(),
                        name(task.state()),
                        task.stateSince().atOffset(ZoneOffset.UTC))
                .stream()
                .findFirst()
                .flatMap(row -> databases.find(task.database()))
                .map(enrolled -> reason(task, enrolled));
    }

    private static String reason(Task<RollbackState> task, EnrolledDatabase enrolled) {
        RollbackState state = task.state();
        long minutes = Deadlines.of(state, enrolled).orElse(Duration.ZERO).toMinutes();
        if (!(state instanceof Approving approving)) {
            return "it stood in state " + name(state) + " for longer than " + minutes + " minutes";
        }
        Standing standing = Approval.standing(
                enrolled, state.request().requestedBy(), approving.plan(), Voices.approvals(task.mail()));
        return "it was not approved within " + minutes + " minutes: " + standing.line();
    }

    /** Raises it where it is due, has not been raised and the rollback has not got on meanwhile; whether it was raised. */
    boolean raise(EnrolledDatabase enrolled, Tasks.View<RollbackState> view) {
        Duration limit = Deadlines.of(view.state(), enrolled).orElse(Duration.ZERO);
        if (limit.isZero() || Instant.now().isBefore(view.stateSince().plus(limit))) return false;
        return tasks.record(ledger -> {
            if (!first(ledger, view, "")) return false;
            ledger.announce(new RollbackEvent.Overdue(
                    view.database(),
                    view.id(),
                    name(view.state()),
                    view.stateSince(),
                    limit.toSeconds(),
                    Deadlines.closed(view.state(), enrolled),
                    Deadlines.next(view.state())));
            ledger.wake(RollbackProcedure.KIND, view.id());
            return true;
        });
    }

    /** Says, once for each wait, that people were given their time and have not answered; whether it was said. */
    boolean escalate(EnrolledDatabase enrolled, Tasks.View<RollbackState> view) {
        Duration limit = enrolled.rollback().escalateAfter();
        if (Instant.now().isBefore(view.stateSince().plus(limit))) return false;
        Optional<String> waitsFor = waitsFor(enrolled, view);
        if (waitsFor.isEmpty()) return false;
        return tasks.record(ledger -> {
            if (!first(ledger, view, "/unanswered")) return false;
            ledger.announce(new RollbackEvent.Unanswered(
                    view.database(),
                    view.id(),
                    view.stateSince(),
                    limit.toSeconds(),
                    waitsFor.get(),
                    next(view.state())));
            return true;
        });
    }

    /** Whether this time in a state has not been told of in this way yet, and goes on. */
    private static boolean first(Ledger ledger, Tasks.View<RollbackState> view, String way) {
        return !ledger.query(
                        "insert into alarm (rollback, state, since) select id, state || $5, state_since from task"
                                + " where kind = $1 and id = $2 and state = $3 and state_since = $4 and not finished"
                                + " on conflict do nothing returning rollback",
                        RollbackProcedure.KIND,
                        view.id(),
                        name(view.state()),
                        view.stateSince().atOffset(ZoneOffset.UTC),
                        way)
                .isEmpty();
    }

    /** What people are to do; empty where nobody is waited for. */
    private Optional<String> waitsFor(EnrolledDatabase enrolled, Tasks.View<RollbackState> view) {
        if (view.state() instanceof RollbackState.PointedTo && enrolled.secondServer() != null) {
            return enrolled.secondServer().cutOver() == null
                    ? Optional.of("somebody to point the application to the second server and confirm it")
                    : Optional.empty();
        }
        if (!(view.state() instanceof Approving approving)) return Optional.empty();
        Standing standing = Approval.standing(
                enrolled,
                approving.request().requestedBy(),
                approving.plan(),
                Voices.approvals(inbox.mail(RollbackProcedure.KIND, view.id())));
        return standing.missing() > 0 ? Optional.of("approval: " + standing.line()) : Optional.empty();
    }

    private static String next(RollbackState state) {
        String rollback = state.request().rollback();
        return state instanceof Approving ? "ripcord rollback show " + rollback : Deadlines.next(state);
    }

    private static String name(RollbackState state) {
        return state.getClass().getSimpleName();
    }
}
