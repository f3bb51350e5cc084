package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.stack.Service;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rollback service is killed at each step of the rollbacks that leave the database where it stands. */
final class CrashInPlace implements Trial {

    private record Cell(InPlace method, Death death) {}

    private static final List<Cell> CELLS = InPlace.ALL.stream()
            .flatMap(method -> Death.all(method.marks(), List.of(Service.ROLLBACK)).stream()
                    .map(death -> new Cell(method, death)))
            .toList();

    @Override
    public String name() {
        return "crash-in-place";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 1 : CELLS.size();
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        ground.execute(ground.shop().database(), "set role shop_owner; " + InPlace.VERSION_TABLE);
        for (boolean up : List.of(true, false)) {
            Files.writeString(script(ground, up ? "up" : "down"), up ? InPlace.UP : InPlace.DOWN);
        }
    }

    @Override
    public void finish(Ground ground) throws Exception {
        ground.execute(ground.shop().database(), "drop table public.schema_migrations");
        for (String direction : List.of("up", "down")) Files.delete(script(ground, direction));
    }

    private static Path script(Ground ground, String direction) {
        return SampleStack.migrations(ground.stack(), ground.shop())
                .resolve(InPlace.VERSION + "." + direction + ".sql");
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Cell cell = CELLS.get(run.oneOf(CELLS.size()));
        try (Story story = Story.of(ground, cell.method().mishap())) {
            return cell.death().in(ground, story).stream()
                    .map(line -> cell.method().name() + ", " + cell.death() + ": " + line)
                    .toList();
        }
    }
}
