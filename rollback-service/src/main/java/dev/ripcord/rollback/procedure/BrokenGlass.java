package dev.ripcord.rollback.procedure;

import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackOutcomeEvent.Undone;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where one person alone has approved what several must, everybody hears of it: at once, and again in the outcome. */
final class BrokenGlass {

    private BrokenGlass() {}

    /** The same beginning, with the warning before it where it is due. */
    static Next<RollbackState> announced(Approving from, Approval.Given given, Next<RollbackState> begun) {
        String reason = given.glassBroken();
        if (reason == null) return begun;
        List<RipcordEvent> events = new ArrayList<>();
        events.add(new RollbackEvent.GlassBroken(
                from.request().database(),
                from.request().rollback(),
                from.plan().hash(),
                given.by(),
                reason));
        events.addAll(begun.announcements());
        return new Next<>(begun.state(), events, begun.after(), begun.finished());
    }

    /** The same step; an outcome that it announces says who broke the glass. */
    static Next<RollbackState> noted(Task<RollbackState> task, Next<RollbackState> next) {
        if (next.announcements().stream().noneMatch(RollbackOutcomeEvent.class::isInstance)) return next;
        Optional<String> who = Voices.glassBroken(task.mail());
        if (who.isEmpty()) return next;
        List<RipcordEvent> events = next.announcements().stream()
                .map(event -> event instanceof RollbackOutcomeEvent outcome ? noted(outcome, who.get()) : event)
                .toList();
        return new Next<>(next.state(), events, next.after(), next.finished());
    }

    private static RipcordEvent noted(RollbackOutcomeEvent outcome, String who) {
        return switch (outcome) {
            case Completed done ->
                new Completed(
                        done.database(),
                        done.rollback(),
                        done.snapshot(),
                        done.failedDatabase(),
                        done.outageMillis(),
                        done.totalMillis(),
                        done.loss(),
                        done.properties(),
                        done.undo(),
                        who);
            case CompletedInPlace done ->
                new CompletedInPlace(
                        done.database(),
                        done.rollback(),
                        done.method(),
                        done.emergencySnapshot(),
                        done.changes(),
                        done.totalMillis(),
                        done.loss(),
                        done.undo(),
                        who);
            case Failed failed ->
                new Failed(failed.database(), failed.rollback(), failed.state(), failed.reason(), failed.next(), who);
            case Undone undone ->
                new Undone(
                        undone.database(),
                        undone.rollback(),
                        undone.undoes(),
                        undone.keptDatabase(),
                        undone.outageMillis(),
                        undone.totalMillis(),
                        who);
            case Refused refused -> refused;
            // told by rollback.glass-broken alone: the old database is as it was
            case RollbackOutcomeEvent.Moved moved -> moved;
        };
    }
}
