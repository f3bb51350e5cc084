package dev.ripcord.command.torture;

import dev.ripcord.events.RollbackEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The whole PostgreSQL server is killed inside the swap: in the transaction itself, and at any moment around it. */
final class ServerCrash implements Trial {

    private static final int AROUND_MILLIS = 700;

    @Override
    public String name() {
        return "server-crash";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : 50;
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        RandomGenerator random = run.random();
        try (Story story = Story.broken(ground)) {
            String moment = run.number() % 2 == 0
                    ? inside(ground, story, random)
                    : around(ground, story, random.nextInt(AROUND_MILLIS));
            ground.heal();
            List<String> violations = new ArrayList<>(Oracle.look(ground, story));
            story.settle();
            return violations.stream().map(line -> moment + ": " + line).toList();
        }
    }

    private static String inside(Ground ground, Story story, RandomGenerator random) throws Exception {
        Mark mark = Mark.AROUND_THE_SWAP.get(random.nextInt(Mark.AROUND_THE_SWAP.size()));
        try (Brake brake = Brake.set(ground.server(), mark, story.rollback)) {
            story.request();
            if (!brake.holds(Ground.LIMIT)) throw new IllegalStateException("the rollback did not come to " + mark);
            ground.stack().postgres().kill();
        }
        return "killed at " + mark;
    }

    private static String around(Ground ground, Story story, int millis) {
        story.request();
        ground.events()
                .await(RollbackEvent.Started.class, event -> event.rollback().equals(story.rollback), Ground.LIMIT);
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
        ground.stack().postgres().kill();
        return "killed " + millis + " ms after rollback.started";
    }
}
