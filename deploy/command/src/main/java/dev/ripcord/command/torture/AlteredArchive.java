package dev.ripcord.command.torture;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.sample.Size;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One bit, the end, or the whole of a file in a stored archive is not what it was: it must be refused, with nothing done. */
final class AlteredArchive implements Trial {

    private @Nullable Quiet cold;
    private SnapshotEvent.@Nullable Proven proven;

    @Override
    public String name() {
        return "altered-archive";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.ARCHIVE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 8 : 1200;
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        cold = new Quiet(ground, SampleStack.shop(ground.stack(), "cold").create(new Size(1)));
        ground.add(cold.shop());
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        if (cold == null) return;
        SnapshotEvent.Proven taken = cold.proven();
        cold.cooled(taken);
        proven = taken;
    }

    @Override
    public void finish(Ground ground) {
        if (cold != null && proven != null) cold.comesBack(proven);
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (cold == null || proven == null) throw new IllegalStateException("not prepared");
        List<Path> files = files(ground.store().resolve(cold.id()).resolve(proven.snapshot()));
        RandomGenerator random = run.random();
        Path file = files.get(random.nextInt(files.size()));
        Path other = files.get(random.nextInt(files.size()));
        byte[] before = Files.readAllBytes(file);
        String change = altered(file, before, other, random);
        List<String> databases = cold.databases();
        List<String> violations = new ArrayList<>();
        try {
            RollbackOutcomeEvent outcome = cold.back(proven.migration());
            if (!(outcome instanceof RollbackOutcomeEvent.Refused))
                violations.add(change + " was not refused: " + outcome);
            if (!cold.databases().equals(databases)) {
                violations.add(change + " had an effect: " + databases + " became " + cold.databases());
            }
        } finally {
            Files.write(file, before);
        }
        return violations;
    }

    private static String altered(Path file, byte[] before, Path other, RandomGenerator random) throws IOException {
        byte[] after = before.clone();
        String how;
        switch (before.length == 0 ? 2 : random.nextInt(4)) {
            case 0, 1 -> {
                int at = random.nextInt(before.length);
                after[at] ^= (byte) (1 << random.nextInt(8));
                how = "a bit of byte " + at;
            }
            case 2 -> {
                byte[] swapped = Files.readAllBytes(other);
                after = Arrays.equals(swapped, before) ? new byte[] {1} : swapped;
                how = "the whole";
            }
            default -> {
                after = Arrays.copyOf(before, random.nextInt(before.length));
                how = "all from byte " + after.length;
            }
        }
        Files.write(file, after);
        return how + " of " + file.getFileName();
    }

    /** All of it, in an order that does not change. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
