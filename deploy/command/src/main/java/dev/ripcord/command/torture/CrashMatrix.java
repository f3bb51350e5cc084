package dev.ripcord.command.torture;

import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import java.util.ArrayList;
import java.util.List;

/** Each service is killed while a step of a full rollback is being recorded, and as soon as it is. */
final class CrashMatrix implements Trial {

    private record Cell(Mark mark, Service service, boolean recorded) {

        @Override
        public String toString() {
            return service.title() + (recorded ? " dies after " : " dies before ") + mark;
        }
    }

    private static final List<Cell> CELLS = cells();

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Mark mark : Mark.ALL) {
            for (Service service : Service.values()) {
                cells.add(new Cell(mark, service, false));
                cells.add(new Cell(mark, service, true));
            }
        }
        return cells;
    }

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
        return quick ? 12 : CELLS.size();
    }

    /** The whole matrix where there are runs enough for it, else cells from all over it. */
    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Cell cell = CELLS.get(run.oneOf(CELLS.size()));
        return run(ground, cell).stream().map(line -> cell + ": " + line).toList();
    }

    private static List<String> run(Ground ground, Cell cell) throws Exception {
        ServiceProcess process = ground.stack().service(cell.service());
        try (Story story = Story.broken(ground)) {
            if (cell.mark().cold()) story.cooled();
            List<String> violations;
            try (Brake brake = cell.recorded()
                    ? Brake.released(ground.server(), cell.mark(), story.rollback)
                    : Brake.set(ground.server(), cell.mark(), story.rollback)) {
                story.request();
                boolean came = cell.recorded() ? brake.passed(Ground.LIMIT) : brake.holds(Ground.LIMIT);
                process.kill();
                brake.release();
                process.restart();
                violations = new ArrayList<>(Oracle.look(ground, story));
                if (!came) violations.add("the step was not reached");
            }
            story.settle();
            return violations;
        }
    }
}
