package dev.ripcord.command.torture;

import dev.ripcord.events.RollbackOutcomeEvent;
import java.util.ArrayList;
import java.util.List;

/** The same command arrives a thousand times, before, while and after it is carried out, as the same record and as a new one. */
final class ReplayedCommand implements Trial {

    private static final int TIMES = 1000;

    @Override
    public String name() {
        return "replayed-command";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : 10;
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        try (Story story = Story.broken(ground)) {
            story.request();
            story.replay(TIMES / 2);
            if (story.outcome().isPresent()) story.replay(TIMES / 2);
            ground.heard();
            List<String> violations = new ArrayList<>(Oracle.look(ground, story));
            long outcomes = ground.events().all(RollbackOutcomeEvent.class).stream()
                    .filter(event -> event.rollback().equals(story.rollback))
                    .count();
            if (outcomes != 1) violations.add(outcomes + " outcomes");
            story.settle();
            return violations;
        }
    }
}
