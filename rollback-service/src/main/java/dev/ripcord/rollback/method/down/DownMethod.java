package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The migration tool's own way, from the files that were put away before the migration. */
@Singleton
class DownMethod implements Method {

    private final Function<String, Optional<Bundle>> kept;

    @Inject
    DownMethod(Bundles bundles) {
        this(bundles::of);
    }

    /** With the migrations as they were kept with a snapshot. */
    DownMethod(Function<String, Optional<Bundle>> kept) {
        this.kept = kept;
    }

    @Override
    public Rung rung() {
        return Rung.down;
    }

    @Override
    public Draft draft(Ground ground) {
        Migrations migrations = ground.database().migrations();
        if (migrations == null) {
            return new Draft.NotAvailable("databases.yaml names no migration tool (migrations)");
        }
        Optional<Bundle> bundle;
        try {
            bundle = kept.apply(ground.target().snapshot());
        } catch (RefusedException e) {
            return new Draft.NotAvailable(String.valueOf(e.getMessage()));
        }
        if (bundle.isEmpty()) {
            return new Draft.NotAvailable(
                    "no migrations were kept with snapshot " + ground.target().snapshot());
        }
        return switch (plan(ground, migrations, bundle.get())) {
            case DownPlan.Steps steps ->
                new Draft.Ready(lines(steps), List.of()).noted("what is lost by these scripts was not counted");
            case DownPlan.Nothing nothing
            when asked(ground.request().way()).isEmpty() ->
                new Draft.NotAvailable("its table names no migration since the snapshot: " + nothing.reason());
            case DownPlan.Nothing nothing -> new Draft.Nothing(nothing.reason());
            case DownPlan.Refused refused ->
                switch (refused.next()) {
                    case restore -> new Draft.NotAvailable(refused.reason());
                    case stamp -> new Draft.Wrong(refused.reason(), "put the version table right, then ask again");
                    case retry -> new Draft.Wrong(refused.reason(), "wait for the migration tool, then ask again");
                    case correctRequest -> new Draft.Wrong(refused.reason(), "correct the request and ask again");
                };
        };
    }

    private static DownPlan plan(Ground ground, Migrations migrations, Bundle bundle) {
        Settings settings = Settings.of(migrations);
        Aim aim = asked(ground.request().way())
                .or(() -> sinceSnapshot(ground, bundle, settings))
                .orElse(new Aim.Last());
        return Down.plan(ground.live(), bundle, aim, settings);
    }

    private static Optional<Aim> asked(@Nullable Way way) {
        if (way != null && way.toVersion() != null) return Optional.of(new Aim.To(way.toVersion()));
        return way == null || way.last() < 1 ? Optional.empty() : Optional.of(new Aim.Count(way.last()));
    }

    /**
     * What was applied since the snapshot is undone: less would leave some of it, and the newest one may have been there before, for
     * a migration that failed has no version. Empty where it cannot be told: the snapshot says nothing of this tool, there are
     * several of its tables, a version was undone before, or the tool cannot say what is applied, which the plan says then.
     */
    private static Optional<Aim> sinceSnapshot(Ground ground, Bundle bundle, Settings settings) {
        Optional<String> before = VersionTable.recorded(ground.recordedVersion(), bundle.tool());
        List<VersionTable> tables = VersionTable.read(ground.live()).stream()
                .filter(table -> table.tool() == bundle.tool())
                .toList();
        if (before.isEmpty() || tables.size() != 1 || !tables.getFirst().isMeantBy(settings.table())) {
            return Optional.empty();
        }
        if (tables.getFirst().wasUndone(ground.live(), before.get())) return Optional.empty();
        List<String> applied;
        try {
            applied = Down.applied(ground.live(), bundle, settings);
        } catch (RefusedException e) {
            return Optional.empty();
        }
        if (!before.get().isEmpty()) {
            return applied.contains(before.get()) ? Optional.of(new Aim.To(before.get())) : Optional.empty();
        }
        return applied.isEmpty() ? Optional.empty() : Optional.of(new Aim.Count(applied.size()));
    }

    private static List<String> lines(DownPlan.Steps steps) {
        List<String> lines = new ArrayList<>();
        steps.steps().forEach(step -> lines.add("undo " + step.version() + ":\n" + step.sql()));
        lines.add(steps.after().isEmpty() ? "no version is left" : "the version is " + steps.after() + " then");
        return lines;
    }

    @Override
    public Effect act(Ground ground, Plan plan) {
        Migrations migrations = ground.database().migrations();
        Optional<Bundle> bundle = kept.apply(ground.target().snapshot());
        if (migrations == null || bundle.isEmpty()) return new Effect.Outdated("the kept migrations are gone");
        if (!(plan(ground, migrations, bundle.get()) instanceof DownPlan.Steps steps)
                || !lines(steps)
                        .equals(plan.steps().stream()
                                .filter(line -> !line.startsWith("-- "))
                                .toList())) {
            return new Effect.Outdated("what the migration tool would undo is another by now");
        }
        return switch (Down.apply(ground.live(), steps, Limits.USUAL, ground.bracket())) {
            case DownOutcome.Applied applied -> {
                Effect.Done done = new Effect.Done("undid " + String.join(", ", applied.versions()), List.of());
                yield VersionNote.of(ground.live(), steps.tool(), applied.after())
                        .map(done::and)
                        .orElse(done);
            }
            case DownOutcome.Failed failed ->
                new Effect.NotDone(
                        failed.reason() + (failed.statement().isEmpty() ? "" : ", at: " + failed.statement()));
        };
    }
}
