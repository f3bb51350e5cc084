package dev.ripcord.command.torture;

import dev.ripcord.command.stack.Service;
import java.util.List;

/** Each service is killed while a step of a full rollback is being recorded, and as soon as it is. */
final class CrashMatrix implements Trial {

    private static final List<Death> DEATHS = Death.all(Mark.ALL, List.of(Service.values()));

    @Override
    public String name() {
        return "crash-matrix";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 3 : DEATHS.size();
    }

    /** The whole matrix where there are runs enough for it, else cells from all over it. */
    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Death death = DEATHS.get(run.oneOf(DEATHS.size()));
        try (Story story = Story.broken(ground)) {
            if (death.mark().cold()) story.cooled();
            return death.in(ground, story).stream()
                    .map(line -> death + ": " + line)
                    .toList();
        }
    }
}
