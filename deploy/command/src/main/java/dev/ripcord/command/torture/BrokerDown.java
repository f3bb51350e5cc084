package dev.ripcord.command.torture;

import dev.ripcord.embedded.ServiceProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Kafka is killed while a step of a rollback is being recorded, and is away for a minute; for some seconds where it is to be quick. */
final class BrokerDown implements Trial {

    private static final List<Mark> MARKS =
            Mark.ALL.stream().filter(mark -> !mark.cold()).toList();

    private static final Duration A_MINUTE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "broker-down";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : MARKS.size();
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Mark mark = MARKS.get(run.oneOf(MARKS.size()));
        long awayMillis = run.quick() ? run.random().nextLong(1_000, 8_000) : A_MINUTE.toMillis();
        ServiceProcess kafka = ground.stack().kafka();
        try (Story story = Story.broken(ground);
                Brake brake = Brake.set(ground.server(), mark, story.rollback)) {
            story.request();
            List<String> violations = new ArrayList<>();
            if (!brake.holds(Ground.LIMIT)) violations.add("the step was not reached");
            kafka.kill();
            brake.release();
            Thread.sleep(awayMillis);
            kafka.restart();
            violations.addAll(Oracle.look(ground, story));
            story.settle();
            return violations.stream()
                    .map(line -> "away for " + awayMillis + " ms from " + mark + " on: " + line)
                    .toList();
        }
    }
}
