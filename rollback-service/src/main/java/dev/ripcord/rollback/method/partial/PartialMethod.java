package dev.ripcord.rollback.method.partial;

import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Named tables as they were at the snapshot, and no row outside the plan. */
@Singleton
class PartialMethod implements Method {

    private static final Duration LOCK = Duration.ofSeconds(5);
    private static final long SMALL = 16 << 20;

    @Override
    public Rung rung() {
        return Rung.partial;
    }

    @Override
    public boolean readsCopy() {
        return true;
    }

    @Override
    public Draft draft(Ground ground) {
        return switch (plan(ground)) {
            case PartialPlan.Ready ready -> new Draft.Ready(lines(ready), ready.loss());
            case PartialPlan.Nothing nothing ->
                new Draft.Nothing(String.join(", ", nothing.tables()) + " as at the snapshot");
            case PartialPlan.Refused refused ->
                new Draft.Wrong(
                        String.join("; ", refused.reasons()),
                        refused.beyond().isEmpty()
                                ? "name other tables, or ask for another method"
                                : "name these tables too, or allow deleteDependents: "
                                        + String.join(
                                                "; ",
                                                refused.beyond().stream()
                                                        .map(PartialMethod::line)
                                                        .toList()));
        };
    }

    private static PartialPlan plan(Ground ground) {
        return PartialPlan.of(ground.live(), ground.copy(), way(ground).tables(), options(ground));
    }

    private static Way way(Ground ground) {
        Way way = ground.request().way();
        if (way == null) throw new IllegalStateException("a partial restore has its tables from the request");
        return way;
    }

    private static PartialOptions options(Ground ground) {
        return new PartialOptions(
                PartialOptions.USUAL.addMissingParents(),
                way(ground).deleteDependents(),
                PartialOptions.USUAL.leaveDroppedColumns());
    }

    private static List<String> lines(PartialPlan.Ready ready) {
        List<String> lines =
                new ArrayList<>(ready.steps().stream().map(PartialMethod::line).toList());
        ready.warnings().forEach(warning -> lines.add("-- " + warning));
        return lines;
    }

    private static String line(PartialStep step) {
        String act = step.act().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String because = step.constraint().isEmpty() ? "" : " (" + step.constraint() + ")";
        return act + ": " + step.rows() + " rows of " + step.table() + because;
    }

    /** It reads the tables whole, and proves every row of theirs before it commits: a rehearsal would take as long again. */
    @Override
    public Optional<String> whyNotRehearsed(Ground ground, Plan plan) {
        long bytes = ground.live()
                .query(
                        "select coalesce(sum(pg_table_size(to_regclass(name))), 0)::bigint from unnest($1::text[]) name",
                        (Object) touched(plan).toArray(String[]::new))
                .getFirst()
                .getLong(0);
        return bytes <= SMALL
                ? Optional.empty()
                : Optional.of("the tables hold " + (bytes >> 20)
                        + " MB, which would take as long again; the restore itself proves every row before it commits");
    }

    /** What was written since the plan was made is part of it; another closure is not, which the restore itself refuses. */
    @Override
    public Effect act(Ground ground, Plan plan) {
        try (PartialAct act =
                new PartialAct(ground.looking(), ground.copy(), way(ground).tables(), options(ground))) {
            return switch (act.plan()) {
                case PartialPlan.Nothing nothing -> new Effect.Done("nothing was left to do", List.<TableLoss>of());
                case PartialPlan.Refused refused -> new Effect.Outdated(String.join("; ", refused.reasons()));
                case PartialPlan.Ready ready
                when !touched(ready).equals(touched(plan)) ->
                    new Effect.Outdated("other tables are concerned by now than the plan says");
                case PartialPlan.Ready ready -> effect(act.apply(ground.live(), ready, LOCK, ground.bracket()));
            };
        }
    }

    private static Effect effect(PartialRestore restore) {
        return switch (restore) {
            case PartialRestore.Applied applied ->
                new Effect.Done(
                        String.join(
                                "; ",
                                applied.steps().stream()
                                        .map(PartialMethod::line)
                                        .toList()),
                        applied.loss());
            case PartialRestore.Failed failed -> new Effect.NotDone(failed.reason());
            case PartialRestore.Unknown unknown -> throw new IllegalStateException(unknown.reason());
        };
    }

    private static List<String> touched(PartialPlan.Ready ready) {
        return ready.loss().stream().map(TableLoss::table).sorted().toList();
    }

    private static List<String> touched(Plan plan) {
        return plan.loss().stream().map(TableLoss::table).sorted().toList();
    }
}
