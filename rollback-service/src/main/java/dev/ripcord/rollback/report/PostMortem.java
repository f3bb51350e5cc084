package dev.ripcord.rollback.report;

import dev.ripcord.events.RollbackEvent;
import dev.ripcord.rollback.report.Document.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people fill in afterwards.
 *
 * @param doneBy who has said that it is done, null while nobody has
 */
record PostMortem(
        String rollback, List<String> tasks, @Nullable String doneBy) {

    private static final List<String> QUESTIONS = List.of(
            "What did users notice, from when to when?",
            "What was the cause? Why did tests, rehearsal and review not show it?",
            "How was it noticed, and could it have been noticed earlier?",
            "Was going back the right decision, and was it taken in time?",
            "What went well, what went badly, where were we lucky?",
            "Who must hear of the rows that were lost, and can they be entered again?");

    PostMortem {
        tasks = List.copyOf(tasks);
    }

    static PostMortem of(String rollback, Story story) {
        List<String> tasks = new ArrayList<>(List.of(
                "Mend the migration and rehearse it before it runs again",
                "Look through the failed database before it is removed",
                "Write what was learned into the runbook, the alerts and the decision rules"));
        story.all(RollbackEvent.TargetMissed.class)
                .map(missed -> "Find out why the phase " + missed.phase() + " took longer than was promised")
                .distinct()
                .forEach(tasks::add);
        if (story.first(RollbackEvent.GlassBroken.class).isPresent()) {
            tasks.add("Look into why one person had to approve alone");
        }
        if (story.first(RollbackEvent.Unanswered.class).isPresent()) {
            tasks.add("Find out why nobody answered in time");
        }
        Optional<RollbackEvent.PostMortemDone> done = story.last(RollbackEvent.PostMortemDone.class);
        return new PostMortem(
                rollback, tasks, done.map(RollbackEvent.PostMortemDone::doneBy).orElse(null));
    }

    void into(Document.Draft draft) {
        draft.heading("Post-mortem");
        if (doneBy != null) draft.paragraph(doneBy + " has said that it is done.");
        draft.add(new Block.Questions(QUESTIONS)).heading("To do").add(new Block.Tasks(tasks));
        if (doneBy != null) return;
        draft.add(new Block.Paragraph("When it is done:")).command("ripcord rollback post-mortem " + rollback);
    }
}
