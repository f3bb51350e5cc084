package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.Confirmed;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.Approval.Said;
import dev.ripcord.rollback.core.RollbackState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What people have said of one rollback, read from its mail. */
public final class Voices {

    /** By how much a sender's clock may differ from ours. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private Voices() {}

    /** Whether whoever said this was asked for a token. */
    public static boolean byToken(Envelope<?> envelope) {
        return envelope.source().startsWith(Inbox.FROM_PEOPLE);
    }

    /** Every approval, oldest first. */
    public static List<Said> approvals(List<Envelope<?>> mail) {
        return mail.stream()
                .filter(envelope -> envelope.event() instanceof Approved)
                .map(envelope -> new Said((Approved) envelope.event(), envelope.time(), byToken(envelope)))
                .toList();
    }

    /** Who alone has approved what several must, and why; empty where nobody has. */
    static Optional<String> glassBroken(List<Envelope<?>> mail) {
        return approvals(mail).stream()
                .filter(said -> said.byToken() && said.approved().glassBroken() != null)
                .map(said -> said.approved().approver() + ": " + said.approved().glassBroken())
                .findFirst();
    }

    /** Who wants the old database opened again; only whoever had a token can. */
    static Optional<ReopenAsked> reopenAsked(List<Envelope<?>> mail) {
        return mail.stream()
                .filter(Voices::byToken)
                .map(Envelope::event)
                .filter(ReopenAsked.class::isInstance)
                .map(ReopenAsked.class::cast)
                .findFirst();
    }

    /** Why a swap that has not happened is given up, where somebody wants that. */
    static Optional<String> givenUp(Task<RollbackState> task) {
        return reopenAsked(task.mail())
                .map(asked -> asked.approver() + " had the old database opened again: " + asked.reason());
    }

    /** Who has pointed the application to the second server; with a name alone only where that counts, and said while it is waited for. */
    static Optional<Confirmed> confirmed(Task<RollbackState> task, EnrolledDatabase database) {
        return task.mail().stream()
                .filter(envelope -> byToken(envelope)
                        || Approval.counts(database, false)
                                && !envelope.time().plus(CLOCKS).isBefore(task.stateSince()))
                .map(Envelope::event)
                .filter(Confirmed.class::isInstance)
                .map(Confirmed.class::cast)
                .reduce((earlier, later) -> later);
    }

    /** Who has taken the request back, or refused the plan, and why. */
    static Optional<String> withdrawn(Task<RollbackState> task) {
        return task.newest(Cancelled.class)
                .map(cancelled -> "cancelled by " + cancelled.cancelledBy() + ": " + cancelled.reason())
                .or(() -> task.newest(Rejected.class)
                        .map(rejected -> "rejected by " + rejected.rejectedBy() + ": " + rejected.reason()));
    }
}
