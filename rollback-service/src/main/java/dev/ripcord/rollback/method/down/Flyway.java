package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import dev.ripcord.rollback.method.down.DownPlan.Step;
import dev.ripcord.rollback.method.down.FlywayHistory.Applied;
import dev.ripcord.rollback.method.down.FlywayScripts.Script;
import java.util.ArrayList;
import java.util.List;

/** Flyway's undo scripts, run without Flyway: its undo command is not in the open-source edition. */
record Flyway(Settings settings) implements MigrationTool {

    @Override
    public List<String> applied(PgSession session, Bundle bundle) {
        return history(session).applied().reversed().stream()
                .map(Applied::version)
                .toList();
    }

    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        FlywayHistory history = history(session);
        FlywayScripts scripts = FlywayScripts.of(bundle);
        if (aim instanceof Aim.To(String version) && baseline(history, version)) {
            aim = history.applied().isEmpty()
                    ? new Aim.Last()
                    : new Aim.Count(history.applied().size());
        }
        Selection<Applied> selection = new Selection<>(
                history.applied().reversed(),
                Applied::version,
                (each, wanted) -> FlywayVersion.same(each.version(), wanted),
                scripts.ups().stream().map(Script::version).toList());
        List<Applied> chosen = selection.chosen(aim);
        if (chosen.isEmpty()) return selection.nothing(aim);
        List<Step> steps = new ArrayList<>();
        for (Applied each : chosen) {
            Script undo = undo(scripts, each);
            steps.add(new Step(each.version(), undo.statements(), List.of(history.undone(each, undo))));
        }
        return steps(session, history, steps, selection.after(chosen));
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        FlywayHistory history = history(session);
        List<Step> steps = new ArrayList<>();
        for (Script each : FlywayScripts.of(bundle).ups()) {
            boolean below = history.baseline() != null
                    && FlywayVersion.of(each.version()).compareTo(FlywayVersion.of(history.baseline())) <= 0;
            if (below
                    || history.applied().stream().anyMatch(done -> FlywayVersion.same(done.version(), each.version())))
                continue;
            steps.add(new Step(each.version(), each.statements(), List.of(history.applied(each))));
        }
        if (steps.isEmpty()) return new DownPlan.Nothing("every migration is applied");
        return steps(session, history, steps, steps.getLast().version());
    }

    private FlywayHistory history(PgSession session) {
        StateTable table = StateTable.one(
                        session, settings.table(), FlywayHistory.TABLE, "installed_rank", "version", "type", "success")
                .orElseThrow(() -> Refusal.restore("there is no table " + FlywayHistory.TABLE));
        return FlywayHistory.read(session, table);
    }

    private static boolean baseline(FlywayHistory history, String version) {
        return history.baseline() != null && FlywayVersion.same(history.baseline(), version);
    }

    private static Script undo(FlywayScripts scripts, Applied applied) {
        String version = Shown.name(applied.version());
        Script undo = FlywayScripts.of(scripts.downs(), applied.version());
        if (undo == null) throw Refusal.restore("version " + version + " has no undo script U" + version + "__….sql");
        Script up = FlywayScripts.of(scripts.ups(), applied.version());
        if (up != null && applied.checksum() != null && applied.checksum() != up.checksum()) {
            throw new Refusal(
                    "the bundle's " + Shown.name(up.file().path()) + " is not the script that was applied as version "
                            + version,
                    Next.restore);
        }
        return undo;
    }

    private static DownPlan.Steps steps(PgSession session, FlywayHistory history, List<Step> steps, String after) {
        StateTable table = history.table();
        return new DownPlan.Steps(
                Tool.flyway, table.name(), table.schema(), table.state(session), List.of(), steps, after);
    }
}
