package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The disk of the database, or the one of its archives, is full from some point on: of a snapshot, of its proof, of a restore,
 * of a swap. It must be said so, with nothing left of what was begun, and with room again all must work.
 */
final class DiskFull implements Trial {

    /** The server does not say why it cannot write the file with which a first session in a new copy begins. */
    private static final Pattern NO_ROOM =
            Pattern.compile("(?i)no space left|disk (is )?full|could not write init file");

    /** A proof without room is tried again after a minute. */
    private static final Duration TRIED_AGAIN_WITHIN = Duration.ofSeconds(150);

    /** Where there is no room left, and when. */
    private enum Moment {
        /** Where the database is, when its snapshot is asked for. */
        SNAPSHOT,
        /** Where the archives are, when a snapshot is asked for. */
        STORE,
        /** Where the database is, when the snapshot is taken and is to be proven. */
        PROOF,
        /** Where the database is, when a rollback has to make a copy. */
        RESTORE,
        /** Where the database is, when it is swapped with a copy that is there. */
        SWAP
    }

    private final Ground.Kind kind;
    private final List<Moment> moments;
    private @Nullable NarrowPlace place;
    private long tooFew;
    private long copy;

    DiskFull(Ground.Kind kind) {
        this.kind = kind;
        this.moments = Stream.of(Moment.values())
                .filter(moment -> moment != (kind == Ground.Kind.CLONE ? Moment.STORE : Moment.SNAPSHOT))
                .toList();
    }

    @Override
    public String name() {
        return "disk-full-" + kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Ground.Kind ground() {
        return kind;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 2 : 10 * moments.size();
    }

    @Override
    public Optional<String> leftOut(Ground ground) {
        try {
            Disk.at(ground.stack().folder().root().resolve("tried"), 8).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("it mounts disks of its own, as root and with loop devices (" + e.getMessage() + ")");
        }
    }

    @Override
    public void beforeServices(Ground ground, List<Run> runs) throws Exception {
        place = NarrowPlace.make(ground);
    }

    @Override
    public void prepare(Ground ground) throws Exception {
        if (place == null) return;
        tooFew = place.tooFew();
        copy = place.shop().shop().bytes() * 4 / 10;
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        if (place == null) throw new IllegalStateException("not prepared");
        Moment moment = moments.get(run.oneOf(moments.size()));
        RandomGenerator random = run.random();
        List<String> violations;
        try {
            violations = switch (moment) {
                case SNAPSHOT -> snapshot(place, place.data(), random.nextLong(copy));
                case STORE -> snapshot(place, place.store(), random.nextLong(tooFew));
                case PROOF -> proof(place, random.nextLong(copy));
                case RESTORE -> rollback(place, true, random.nextLong(copy));
                case SWAP -> rollback(place, false, 0);
            };
        } finally {
            place.clear();
        }
        return violations.stream().map(line -> moment + ": " + line).toList();
    }

    private static List<String> snapshot(NarrowPlace place, Disk disk, long left) throws Exception {
        NarrowPlace.State before = place.state();
        disk.fill(left);
        String migration = Quiet.unique("migration");
        Gate.Outcome outcome = place.shop().gate(migration);
        List<String> violations = new ArrayList<>();
        if (outcome instanceof Gate.Outcome.Closed closed) violations.addAll(saysSo(closed.reason()));
        else violations.add("the gate opened with " + left + " bytes left");
        disk.makeRoom();
        violations.addAll(place.unlike(before));
        violations.addAll(works(place));
        return violations;
    }

    /** The snapshot is taken; its copy is made when there is room again. */
    private static List<String> proof(NarrowPlace place, long left) throws Exception {
        NarrowPlace.State before = place.state();
        String migration = Quiet.unique("migration");
        place.data().fill(place.snapshotBytes() + left);
        List<String> violations = new ArrayList<>();
        boolean open = place.shop().gate(migration) instanceof Gate.Outcome.Open;
        if (open) {
            place.ground().ended(place.shop().id(), migration);
            violations.addAll(saysSo(place.shop().problem(migration)));
        } else {
            violations.add("the gate stayed closed");
        }
        place.data().makeRoom();
        if (open) violations.addAll(provenWithRoom(place, migration));
        violations.addAll(place.unlike(before.withSnapshot()));
        violations.addAll(works(place));
        return violations;
    }

    private static List<String> provenWithRoom(NarrowPlace place, String migration) throws SQLException {
        try {
            place.shop().cooled(place.shop().proof(migration, TRIED_AGAIN_WITHIN));
            return List.of();
        } catch (Quiet.RefusedHere refused) {
            return List.of("with room again: " + refused.getMessage());
        }
    }

    private static List<String> rollback(NarrowPlace place, boolean cold, long left) throws Exception {
        Content good = place.content();
        SnapshotEvent.Proven proven = place.shop().proven();
        if (cold) place.shop().cooled(proven);
        place.breaks();
        NarrowPlace.State before = place.state();
        place.data().fill(left);
        RollbackOutcomeEvent outcome = place.shop().backAndCounted(proven.migration());
        place.data().makeRoom();
        List<String> violations = new ArrayList<>();
        if (cold || !(outcome instanceof RollbackOutcomeEvent.Completed)) {
            violations.addAll(saysSo(outcome.toString()));
            violations.addAll(place.unlike(before));
            outcome = place.shop().backAndCounted(proven.migration());
        }
        if (!(outcome instanceof RollbackOutcomeEvent.Completed)) violations.add("with room again: " + outcome);
        violations.addAll(good.differences(place.content()));
        place.clear();
        violations.addAll(works(place));
        return violations;
    }

    private static List<String> saysSo(String reason) {
        return NO_ROOM.matcher(reason).find() ? List.of() : List.of("no word of the disk: " + reason);
    }

    /** With room again, a snapshot and a rollback go through. */
    private static List<String> works(NarrowPlace place) throws Exception {
        place.clear();
        Content good = place.content();
        SnapshotEvent.Proven proven = place.shop().proven();
        place.breaks();
        RollbackOutcomeEvent outcome = place.shop().backAndCounted(proven.migration());
        List<String> violations = new ArrayList<>(good.differences(place.content()));
        if (!(outcome instanceof RollbackOutcomeEvent.Completed)) violations.add("afterwards: " + outcome);
        return violations;
    }
}
