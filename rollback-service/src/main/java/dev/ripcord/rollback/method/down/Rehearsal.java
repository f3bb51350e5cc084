package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest.SchemaObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Up, down and up again in a copy that is thrown away: whether the way back leads back. */
public final class Rehearsal {

    /** How it went. */
    public sealed interface Report {

        /** Down led back to the schema before, and up once more to the one after. */
        record Clean(List<String> versions) implements Report {}

        /**
         * It did not.
         *
         * @param phase {@code down} or {@code up again}
         * @param differences such as {@code index public.i: left behind}
         */
        record Differs(String phase, List<String> differences) implements Report {}

        /** A phase could not be done. */
        record Stuck(String phase, String reason) implements Report {}
    }

    private static final int MANY = 100;

    private final PgSession copy;
    private final Bundle bundle;
    private final Settings settings;
    private final Limits limits;

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
        List<SchemaObject> before = ManifestReader.objects(copy);
        DownPlan up = Down.planUp(copy, bundle, settings);
        if (!(up instanceof DownPlan.Steps steps)) return stuck("up", up);
        if (Down.apply(copy, steps, limits) instanceof DownOutcome.Failed failed) return stuck("up", failed);
        List<SchemaObject> above = ManifestReader.objects(copy);
        DownPlan down = Down.plan(copy, bundle, new Aim.Count(steps.steps().size()), settings);
        if (!(down instanceof DownPlan.Steps back)) return stuck("down", down);
        if (Down.apply(copy, back, limits) instanceof DownOutcome.Failed failed) return stuck("down", failed);
        List<String> differences = differences(before, ManifestReader.objects(copy));
        if (!differences.isEmpty()) return new Report.Differs("down", differences);
        DownPlan again = Down.planUp(copy, bundle, settings);
        if (!(again instanceof DownPlan.Steps repeated)) return stuck("up again", again);
        if (Down.apply(copy, repeated, limits) instanceof DownOutcome.Failed failed) return stuck("up again", failed);
        differences = differences(above, ManifestReader.objects(copy));
        return differences.isEmpty() ? new Report.Clean(back.versions()) : new Report.Differs("up again", differences);
    }

    private static Report.Stuck stuck(String phase, DownPlan plan) {
        return new Report.Stuck(
                phase,
                switch (plan) {
                    case DownPlan.Nothing nothing -> nothing.reason();
                    case DownPlan.Refused refused -> refused.reason();
                    case DownPlan.Steps steps -> "planned " + steps.versions();
                });
    }

    private static Report.Stuck stuck(String phase, DownOutcome.Failed failed) {
        return new Report.Stuck(phase, failed.reason());
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
