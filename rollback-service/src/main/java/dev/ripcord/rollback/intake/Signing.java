package dev.ripcord.rollback.intake;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.Deadlines;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Abandoning;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Standing;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import dev.ripcord.rollback.procedure.Voices;
import dev.ripcord.rollback.swap.Swap;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What people put their name to. Whatever does not count is answered with the reason and recorded all the same. */
@ApplicationScoped
class Signing {

    /** What {@code AdminSession.reopen} says where nobody else holds the database closed. */
    private static final Set<String> GIVEN_UP = Set.of("opened", "open");

    private final Inbox inbox;
    private final Tasks tasks;
    private final Databases databases;
    private final Swap swap;

    Signing(Inbox inbox, Tasks tasks, Databases databases, Swap swap) {
        this.inbox = inbox;
        this.tasks = tasks;
        this.databases = databases;
        this.swap = swap;
    }

    /** How far the approval of a plan has got. */
    Standing standing(String rollback, Approving state) {
        return Approval.standing(database(state), state.request().requestedBy(), state.plan(), voices(rollback));
    }

    /** Records an approval that fits the plan. */
    void approve(Tasks.View<RollbackState> task, Approved approved) {
        if (!(task.state() instanceof Approving state)) {
            throw refused(409, approved, "rollback " + task.id() + " does not wait for approval");
        }
        EnrolledDatabase database = database(state);
        Duration limit = Deadlines.of(state, database).orElseThrow();
        if (Instant.now().isAfter(task.stateSince().plus(limit))) {
            throw refused(
                    409, approved, "the plan has expired: it waited for longer than " + limit.toMinutes() + " minutes");
        }
        Optional<String> objection =
                Approval.objection(database, state.request().requestedBy(), state.plan(), voices(task.id()), approved);
        if (objection.isPresent()) throw refused(422, approved, objection.get());
        inbox.accept(Envelope.of(RollbackResource.SOURCE, approved));
    }

    /** Records that somebody refuses a plan that can still be given up. */
    void reject(Tasks.View<RollbackState> task, Rejected rejected) {
        if (!(task.state() instanceof RollbackState.Cancellable)) {
            throw Problem.of(
                    409,
                    "rollback " + task.id() + " can no longer be cancelled",
                    "ripcord rollback status " + task.id());
        }
        inbox.acceptAndAnnounce(Envelope.of(RollbackResource.SOURCE, rejected));
    }

    /** Has the live database opened again that a rollback holds closed; what was done. */
    String reopen(Tasks.View<RollbackState> task, ReopenAsked asked, @Nullable String word) {
        if (task.finished()) return reopenForgotten(task, asked, word);
        Swapping swapping = switch (task.state()) {
            case Swapping state -> state;
            case Abandoning abandoning -> abandoning.given();
            case RollbackState other ->
                throw Problem.of(
                        409,
                        "rollback " + task.id() + " is in state "
                                + other.getClass().getSimpleName() + " and does not hold " + task.database()
                                + " closed",
                        "ripcord rollback status " + task.id());
        };
        requireWord(task, asked, word);
        inbox.accept(Envelope.of(RollbackResource.SOURCE, asked));
        String done = opened(swapping, asked);
        String detail = words(done, task.database());
        record(new RollbackEvent.Reopened(
                asked.database(), asked.rollback(), asked.approver(), asked.reason(), detail));
        if (done.equals("swapped")) throw Problem.of(409, detail, undo(task.id()));
        if (!GIVEN_UP.contains(done)) throw Problem.of(409, detail, "ripcord rollback status");
        return detail;
    }

    /** It believes to hold nothing, which a state that was set back may be wrong about: the server knows. */
    private String reopenForgotten(Tasks.View<RollbackState> task, ReopenAsked asked, @Nullable String word) {
        Way way = task.state().request().way();
        if (way != null && way.elsewhere()) {
            throw Problem.of(
                    409,
                    "rollback " + task.id()
                            + " was one to the second server, which the application may use: two databases"
                            + " would take what is written",
                    "point the application back first, then as superuser in the admin database of the old server: select ripcord.reopen('"
                            + task.database() + "')");
        }
        requireWord(task, asked, word);
        if (!openedForgotten(task.state(), asked)) {
            if (task.state() instanceof RollbackState.Completed || task.state() instanceof RollbackState.Unverified) {
                throw Problem.of(
                        409,
                        "it is too late: rollback " + task.id() + " has swapped, has ended and holds nothing closed",
                        undo(task.id()));
            }
            return "nothing: rollback " + task.id() + " has ended and holds nothing closed";
        }
        String detail = words("opened", task.database());
        record(new RollbackEvent.Reopened(
                asked.database(), asked.rollback(), asked.approver(), asked.reason(), detail));
        return detail;
    }

    private static String undo(String rollback) {
        return "to have the database live again that it took away: ripcord rollback undo " + rollback;
    }

    private boolean openedForgotten(RollbackState ended, ReopenAsked asked) {
        try {
            return swap.openForgotten(database(ended), asked.rollback(), asked.approver());
        } catch (DatabaseFailure | RefusedException e) {
            throw Problem.of(
                    503,
                    "rollback " + asked.rollback() + " has ended; whether it holds " + asked.database()
                            + " closed could not be found out: " + e.getMessage(),
                    "mend that, then ask again");
        }
    }

    private void requireWord(Tasks.View<RollbackState> task, ReopenAsked asked, @Nullable String word) {
        if (EnrolledDatabase.REOPEN_WORD.equals(word)) return;
        String reason = asked.approver() + " typed another word than " + EnrolledDatabase.REOPEN_WORD;
        record(new RollbackEvent.ApprovalRefused(asked.database(), asked.rollback(), asked.approver(), reason));
        throw Problem.of(422, reason, Deadlines.next(task.state()));
    }

    private String opened(Swapping swapping, ReopenAsked asked) {
        try {
            return swap.reopen(database(swapping), swapping, asked.approver());
        } catch (DatabaseFailure | RefusedException e) {
            throw Problem.of(
                    503,
                    "it is written down that " + asked.rollback()
                            + " is given up, and this is tried again and again; now it did not work: "
                            + e.getMessage(),
                    "mend that; ripcord rollback status " + asked.rollback());
        }
    }

    private static String words(String done, String database) {
        return switch (done) {
            case "opened" -> "the live database " + database + " is open again as it was; the rollback is given up";
            case "open" -> "the live database " + database + " was open already; the rollback is given up";
            case "swapped" ->
                "it is too late: the swap is done, and the restored database " + database + " is live and open";
            default -> "the live database " + database + " is closed by somebody else than this rollback";
        };
    }

    private WebApplicationException refused(int status, Approved approved, String reason) {
        record(new RollbackEvent.ApprovalRefused(
                approved.database(), approved.rollback(), approved.approver(), reason));
        return Problem.of(status, reason, "look at the plan again: ripcord rollback status " + approved.rollback());
    }

    private void record(RollbackEvent event) {
        tasks.record(ledger -> {
            ledger.announce(event);
            return true;
        });
    }

    private List<Approval.Said> voices(String rollback) {
        return Voices.approvals(inbox.mail(RollbackProcedure.KIND, rollback));
    }

    private EnrolledDatabase database(RollbackState state) {
        String id = state.request().database();
        return databases
                .find(id)
                .orElseThrow(() -> Problem.of(404, "database " + id + " is not enrolled any more", ""));
    }
}
