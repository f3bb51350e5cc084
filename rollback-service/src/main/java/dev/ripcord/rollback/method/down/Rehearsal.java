package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest.SchemaObject;
import dev.ripcord.rollback.method.Bracket;
import dev.ripcord.rollback.method.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Up, down and up again, one migration after the other, in a copy that is thrown away: whether each way back leads back. */
public final class Rehearsal {

    /**
     * How it went.
     *
     * @param clean whether every down led back to the schema before, and every further up to the one after
     * @param migrations in the order in which they are applied, up to the first with a flaw
     * @param reason why there are no more, null where all were rehearsed
     */
    public record Report(
            boolean clean,
            List<Migration> migrations,
            @Nullable String reason) {
        public Report {
            migrations = List.copyOf(migrations);
        }
    }

    /**
     * One migration.
     *
     * @param phases up, down, up again, as far as it got
     * @param differences after the last of them, such as {@code index public.i: left behind}
     * @param problem why a phase could not be done, null where all could
     */
    public record Migration(
            String version,
            List<Phase> phases,
            List<String> differences,
            @Nullable String problem) {
        public Migration {
            phases = List.copyOf(phases);
            differences = List.copyOf(differences);
        }

        boolean clean() {
            return differences.isEmpty() && problem == null;
        }
    }

    /**
     * One direction.
     *
     * @param says how long its transaction lasted, and who would wait for it
     */
    public record Phase(String name, long millis, String says) {}

    private static final int MANY = 100;

    private final PgSession copy;
    private final Bundle bundle;
    private final Settings settings;
    private final Limits limits;
    private final List<Migration> done = new ArrayList<>();

    private Rehearsal(PgSession copy, Bundle bundle, Settings settings, Limits limits) {
        this.copy = copy;
        this.bundle = bundle;
        this.settings = settings;
        this.limits = limits;
    }

    /**
     * Rehearses all that is in the bundle and not applied in the copy.
     *
     * @param copy a session in a copy from before the migration
     * @throws RefusedException if it is not a copy that Ripcord made of that database
     */
    public static Report run(
            EnrolledDatabase database, PgSession copy, Bundle bundle, Settings settings, Limits limits) {
        String name =
                copy.query("select current_database()::text as name").getFirst().getString("name");
        if (!database.isMadeName(name)) {
            throw new RefusedException(
                    name + " is not a copy of " + database.server().database() + ": nothing is rehearsed there");
        }
        return new Rehearsal(copy, bundle, settings, limits).run();
    }

    private Report run() {
        while (true) {
            switch (Down.planUp(copy, bundle, settings)) {
                case DownPlan.Nothing nothing -> {
                    return new Report(true, done, done.isEmpty() ? nothing.reason() : null);
                }
                case DownPlan.Refused refused -> {
                    return new Report(false, done, refused.reason());
                }
                case DownPlan.Steps steps -> {
                    String version = steps.steps().getFirst().version();
                    if (done.stream().anyMatch(each -> each.version().equals(version))) {
                        return new Report(false, done, version + " is not recorded as applied after it was");
                    }
                    Migration migration = new Trip(version).there(steps);
                    done.add(migration);
                    if (!migration.clean()) return new Report(false, done, null);
                }
            }
        }
    }

    /** There, back, and there again. */
    private final class Trip {
        private final String version;
        private final List<Phase> phases = new ArrayList<>();

        Trip(String version) {
            this.version = version;
        }

        Migration there(DownPlan.Steps up) {
            List<SchemaObject> before = ManifestReader.objects(copy);
            String problem = done("up", first(up));
            if (problem != null) return ended(problem);
            List<SchemaObject> above = ManifestReader.objects(copy);
            problem = back();
            if (problem != null) return ended(problem);
            List<String> differences = differences(before, ManifestReader.objects(copy));
            if (!differences.isEmpty()) return new Migration(version, phases, differences, null);
            if (!(Down.planUp(copy, bundle, settings) instanceof DownPlan.Steps again)) {
                return ended("up again: it is not offered any more");
            }
            problem = done("up again", first(again));
            if (problem != null) return ended(problem);
            return new Migration(version, phases, differences(above, ManifestReader.objects(copy)), null);
        }

        private @Nullable String back() {
            return switch (Down.plan(copy, bundle, new Aim.Last(), settings)) {
                case DownPlan.Steps down when down.versions().equals(List.of(version)) -> done("down", down);
                case DownPlan.Steps other -> "down: would undo " + String.join(", ", other.versions());
                case DownPlan.Nothing nothing -> "down: " + nothing.reason();
                case DownPlan.Refused refused -> "down: " + refused.reason();
            };
        }

        private @Nullable String done(String phase, DownPlan.Steps steps) {
            List<Trace> traces = new ArrayList<>();
            Trace.Begun[] begun = new Trace.Begun[1];
            Bracket traced = new Bracket(session -> begun[0] = Trace.begin(session), Bracket.PLAIN.last())
                    .andBeforeTheEnd(session -> traces.add(begun[0].read(session)));
            return switch (Down.apply(copy, steps, limits, traced)) {
                case DownOutcome.Failed failed ->
                    phase + ": " + failed.reason()
                            + (failed.statement().isEmpty() ? "" : ", at: " + Shown.message(failed.statement()));
                case DownOutcome.Applied applied -> {
                    Trace trace = traces.getFirst();
                    phases.add(new Phase(phase, trace.millis(), trace.says()));
                    yield null;
                }
            };
        }

        private Migration ended(String problem) {
            return new Migration(version, phases, List.of(), problem);
        }
    }

    /** The first migration of a plan alone. */
    private static DownPlan.Steps first(DownPlan.Steps all) {
        DownPlan.Step step = all.steps().getFirst();
        return new DownPlan.Steps(
                all.tool(), all.table(), all.schema(), all.state(), all.guards(), List.of(step), step.version());
    }

    private static List<String> differences(List<SchemaObject> wanted, List<SchemaObject> found) {
        Map<String, String> before = hashes(wanted);
        Map<String, String> after = hashes(found);
        List<String> differences = new ArrayList<>();
        before.forEach((name, hash) -> {
            if (!after.containsKey(name)) differences.add(name + ": missing");
            else if (!hash.equals(after.get(name))) differences.add(name + ": changed");
        });
        after.keySet().stream()
                .filter(name -> !before.containsKey(name))
                .forEach(name -> differences.add(name + ": left behind"));
        return List.copyOf(differences.subList(0, Math.min(MANY, differences.size())));
    }

    private static Map<String, String> hashes(List<SchemaObject> objects) {
        return objects.stream()
                .collect(Collectors.toMap(
                        each -> each.kind() + " " + each.name(),
                        SchemaObject::hash,
                        (one, other) -> one + other,
                        TreeMap::new));
    }
}
