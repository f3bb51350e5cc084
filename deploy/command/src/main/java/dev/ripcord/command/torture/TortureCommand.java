package dev.ripcord.command.torture;

import dev.ripcord.command.demo.StartRecording;
import dev.ripcord.command.follow.Narrator;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ripcord torture}. */
@Command(
        name = "torture",
        description =
                "Breaks a suite of its own on this machine again and again, as processes, disks, networks and people"
                        + " do, and checks after each time that nothing was lost and nothing is left. Exit status 1: something was.")
public final class TortureCommand implements Callable<Integer> {

    private static final int DRAWN_BELOW = 1_000_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description =
                    "Of each chosen test, as often as it takes: its cases come again; what is usual for it otherwise")
    private @Nullable Integer runs;

    @Option(names = "--seed", paramLabel = "S", description = "The same one breaks the same things; drawn otherwise")
    private @Nullable Long seed;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Only these tests; --list names them")
    private List<String> only = List.of();

    @Option(names = "--quick", description = "Fewer runs: all tests in some ten minutes")
    private boolean quick;

    @Option(names = "--list", description = "Name the tests and their usual numbers of runs, and do nothing")
    private boolean list;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the table there, as JSON")
    private @Nullable Path file;

    @Override
    public Integer call() throws IOException {
        if (list) {
            Torture.ALL.forEach(trial -> System.out.printf(
                    Locale.ROOT,
                    "%-24s%6d runs, %4d with --quick%n",
                    trial.name(),
                    trial.runs(false),
                    trial.runs(true)));
            return 0;
        }
        List<Trial> trials = chosen();
        StartRecording.ensure(new Narrator(System.out));
        long chosenSeed = seed == null ? ThreadLocalRandom.current().nextLong(DRAWN_BELOW) : seed;
        Narrator tell = new Narrator(System.out);
        tell.step("Seed " + chosenSeed);
        List<Tally> tallies = new Torture(tell, chosenSeed, quick, runs).run(trials);
        if (file != null) KafkaBinding.JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), tallies);
        return printed(tallies, chosenSeed);
    }

    private List<Trial> chosen() {
        List<String> known = Torture.ALL.stream().map(Trial::name).toList();
        if (spec != null && runs != null && runs < 1) {
            throw new ParameterException(spec.commandLine(), "--runs must be 1 or more");
        }
        if (spec != null && !known.containsAll(only)) {
            throw new ParameterException(spec.commandLine(), "there are only the tests " + String.join(", ", known));
        }
        return Torture.ALL.stream()
                .filter(trial -> only.isEmpty() || only.contains(trial.name()))
                .toList();
    }

    private static int printed(List<Tally> tallies, long seed) {
        System.out.printf(Locale.ROOT, "%n%-24s%8s%12s%12s%10s%n", "test", "runs", "violations", "at 95 %", "seconds");
        for (Tally tally : tallies) {
            System.out.printf(
                    Locale.ROOT,
                    "%-24s%8d%12d%12s%10.0f%n",
                    tally.test(),
                    tally.runs(),
                    tally.violations(),
                    tally.proves(),
                    tally.seconds());
        }
        List<String> broken = tallies.stream()
                .filter(tally -> tally.violations() > 0)
                .map(Tally::test)
                .toList();
        broken.forEach(test -> System.out.println("Again: ./ripcord torture --only " + test + " --seed " + seed));
        return broken.isEmpty() ? 0 : 1;
    }
}
