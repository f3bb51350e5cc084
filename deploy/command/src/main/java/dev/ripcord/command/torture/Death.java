package dev.ripcord.command.torture;

import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * A service is killed at a step of a rollback.
 *
 * @param recorded whether as soon as the step is recorded, else while it is being
 */
record Death(Service service, Mark mark, boolean recorded) {

    /** Each service at each mark, both ways. */
    static List<Death> all(List<Mark> marks, List<Service> services) {
        List<Death> deaths = new ArrayList<>();
        for (Mark mark : marks) {
            for (Service service : services) {
                deaths.add(new Death(service, mark, false));
                deaths.add(new Death(service, mark, true));
            }
        }
        return deaths;
    }

    /** Asks for the story's rollback and lets it happen; what is not as it must be afterwards. */
    List<String> in(Ground ground, Story story) throws Exception {
        ServiceProcess process = ground.stack().service(service);
        List<String> violations;
        try (Brake brake = recorded
                ? Brake.released(ground.server(), mark, story.rollback)
                : Brake.set(ground.server(), mark, story.rollback)) {
            story.request();
            boolean came = recorded ? brake.passed(Ground.LIMIT) : brake.holds(Ground.LIMIT);
            process.kill();
            brake.release();
            process.restart();
            violations = new ArrayList<>(Oracle.look(ground, story));
            if (!came) violations.add("the step was not reached");
        }
        story.settle();
        return violations;
    }

    @Override
    public String toString() {
        return service.title() + (recorded ? " dies after " : " dies before ") + mark;
    }
}
