package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Narrator;
import dev.ripcord.command.sample.Size;
import dev.ripcord.command.stack.Stack;
import dev.ripcord.command.stack.StoppedException;
import dev.ripcord.command.stack.TemporaryStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Runs tests one after the other, each kind of ground once, and counts. */
final class Torture {

    static final List<Trial> ALL = List.of(
            new CrashMatrix(),
            new CrashInPlace(),
            new ServerCrash(),
            new FrozenOwner(),
            new TamperedTrail(),
            new SeededCorruption(),
            new WrongDatabase(),
            new ReplayedCommand(),
            new EventHistories(),
            new BrokerDown(),
            new BadNetwork(),
            new HostileNames(),
            new RacingMigration(Ground.Kind.CLONE),
            new Fidelity(Ground.Kind.CLONE),
            new RandomSchemas(Ground.Kind.CLONE),
            new DiskFull(Ground.Kind.CLONE),
            new AlteredArchive(),
            new RacingMigration(Ground.Kind.ARCHIVE),
            new Fidelity(Ground.Kind.ARCHIVE),
            new RandomSchemas(Ground.Kind.ARCHIVE),
            new DiskFull(Ground.Kind.ARCHIVE));

    private final Narrator tell;
    private final long seed;
    private final boolean quick;
    private final @Nullable Integer runs;
    private final List<Tally> tallies = new ArrayList<>();

    Torture(Narrator tell, long seed, boolean quick, @Nullable Integer runs) {
        this.tell = tell;
        this.seed = seed;
        this.quick = quick;
        this.runs = runs;
    }

    List<Tally> run(List<Trial> trials) {
        for (Ground.Kind kind : Ground.Kind.values()) {
            List<Trial> here =
                    trials.stream().filter(trial -> trial.ground() == kind).toList();
            Optional<String> missing = kind.missing();
            if (missing.isPresent()) here.forEach(trial -> tallies.add(leftOut(trial, missing.get())));
            else if (!here.isEmpty())
                TemporaryStack.use("torture", new Size(100).bytesNeeded(), stack -> {
                    tell.step("Starting a suite with PostgreSQL " + kind.major + ", snapshots of the form "
                            + kind.name().toLowerCase(Locale.ROOT));
                    run(stack, kind, here);
                    return kind;
                });
        }
        return List.copyOf(tallies);
    }

    private void run(Stack stack, Ground.Kind kind, List<Trial> trials) {
        Ground ground;
        List<Trial> possible = new ArrayList<>();
        try {
            ground = Ground.start(stack, kind);
            for (Trial trial : trials) {
                Optional<String> why = trial.leftOut(ground);
                if (why.isPresent()) {
                    tallies.add(leftOut(trial, why.get()));
                    continue;
                }
                trial.beforeServices(ground, planned(trial));
                possible.add(trial);
            }
            ground.startServices();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the suite does not start: " + e.getMessage(), e);
        }
        possible.forEach(trial -> tallies.add(tally(ground, trial)));
    }

    private Tally tally(Ground ground, Trial trial) {
        List<Run> planned = planned(trial);
        tell.step(trial.name() + ": " + planned.size() + " runs");
        long began = System.nanoTime();
        int violations = 0;
        int done = 0;
        try {
            trial.prepare(ground);
            for (Run run : planned) {
                List<String> found = found(ground, trial, run);
                done++;
                if (!found.isEmpty()) violations++;
                tell.step(trial.name() + " " + done + " of " + planned.size() + (found.isEmpty() ? "" : ": VIOLATED"));
                found.forEach(line -> tell.plain("            " + line));
            }
            trial.finish(ground);
        } catch (StoppedException e) {
            throw e;
        } catch (Exception e) {
            // after this the ground is not what the next run needs
            violations++;
            tell.step(trial.name() + " ENDED EARLY");
            tell.plain("            " + e);
            if (System.getenv("RIPCORD_TRACE") != null) e.printStackTrace();
        }
        return new Tally(trial.name(), done, violations, (System.nanoTime() - began) / 1e9);
    }

    private List<Run> planned(Trial trial) {
        return IntStream.range(0, runs == null ? trial.runs(quick) : runs)
                .mapToObj(number -> new Run(trial.name(), seed, number, quick))
                .toList();
    }

    private Tally leftOut(Trial trial, String why) {
        tell.step(trial.name() + " IS LEFT OUT: " + why);
        return new Tally(trial.name(), 0, 0, 0);
    }

    /** A run that does not come to its end shows as much as one that ends wrongly; the next one begins on healed ground. */
    private static List<String> found(Ground ground, Trial trial, Run run) throws Exception {
        try {
            return trial.run(ground, run);
        } catch (StoppedException e) {
            throw e;
        } catch (Exception e) {
            if (ground.stack().closed()) throw new StoppedException();
            if (System.getenv("RIPCORD_TRACE") != null) e.printStackTrace();
            ground.heal();
            return List.of("the run did not come to its end: " + e);
        }
    }
}
