package dev.ripcord.command.torture;

import dev.ripcord.command.torture.Link.Quality;
import dev.ripcord.events.RollbackEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way from the services to the protected server is cut, reset, slow or silent from some moment of the swap on, for some
 * seconds: also between the commit and the answer to it.
 */
final class BadNetwork implements Trial {

    private static final List<Quality> QUALITIES =
            List.of(Quality.ONE_WAY, Quality.CUT, Quality.RESET, Quality.SLOW, Quality.SILENT);
    private static final int WITHIN_MILLIS = 500;

    private @Nullable Link link;

    @Override
    public String name() {
        return "bad-network";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : 100;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws IOException {
        link = ground.reachedThroughLink();
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (link == null) throw new IllegalStateException("not prepared");
        RandomGenerator random = run.random();
        Quality quality = QUALITIES.get(run.oneOf(QUALITIES.size()));
        long after = random.nextInt(WITHIN_MILLIS);
        long millis = random.nextLong(500, 6_000);
        try (Story story = Story.broken(ground)) {
            story.request();
            ground.events()
                    .await(
                            RollbackEvent.Started.class,
                            event -> event.rollback().equals(story.rollback),
                            Ground.LIMIT);
            Thread.sleep(after);
            try {
                link.become(quality);
                Thread.sleep(millis);
            } finally {
                link.become(Quality.GOOD);
            }
            List<String> violations = new ArrayList<>(Oracle.look(ground, story));
            story.settle();
            return violations.stream()
                    .map(line -> quality + " for " + millis + " ms, " + after + " ms after rollback.started: " + line)
                    .toList();
        }
    }
}
