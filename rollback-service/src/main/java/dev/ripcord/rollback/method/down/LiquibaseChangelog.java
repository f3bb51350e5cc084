package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Step;
import dev.ripcord.rollback.method.down.LiquibaseRows.Ran;
import java.util.ArrayList;
import java.util.List;
import liquibase.ChecksumVersion;
import liquibase.change.CheckSum;
import liquibase.changelog.ChangeSet;

/** Liquibase in process: it makes the SQL from the changelog, and the SQL is run like any other script. */
record LiquibaseChangelog(Settings settings) implements MigrationTool {

    @Override
    public List<String> applied(PgSession session, Bundle bundle) {
        return LiquibaseRows.find(session, settings.table()).ran(session).stream()
                .map(Ran::name)
                .toList();
    }

    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        LiquibaseRows rows = LiquibaseRows.find(session, settings.table());
        rows.refuseLocked(session);
        List<Ran> ran = rows.ran(session);
        if (ran.isEmpty() && !(aim instanceof Aim.To)) return new DownPlan.Nothing("no change set is applied");
        Changelog changelog = Changelog.of(bundle, settings.changelog());
        Selection<Ran> selection = new Selection<>(
                ran,
                Ran::name,
                Ran::is,
                changelog.changeSets().stream().map(ChangeSet::getId).toList());
        List<Ran> chosen = selection.chosen(aim);
        if (chosen.isEmpty()) return selection.nothing(aim);
        List<Step> steps = chosen.stream()
                .map(each -> new Step(each.name(), statements(changelog, each), List.of(rows.undone(each))))
                .toList();
        return steps(session, rows, steps, selection.after(chosen));
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        LiquibaseRows rows = LiquibaseRows.find(session, settings.table());
        rows.refuseLocked(session);
        List<Ran> ran = rows.ran(session);
        Changelog changelog = Changelog.of(bundle, settings.changelog());
        List<Step> steps = new ArrayList<>();
        for (ChangeSet each : changelog.changeSets()) {
            if (ran.stream().anyMatch(done -> same(each, done))) continue;
            boolean conditional = each.getPreconditions() != null
                            && !each.getPreconditions().getNestedPreconditions().isEmpty()
                    || each.getContextFilter() != null
                            && !each.getContextFilter().isEmpty()
                    || each.getDbmsSet() != null && !each.getDbmsSet().isEmpty();
            if (conditional) {
                throw Refusal.restore("whether change set " + Shown.name(each.toString(false))
                        + " applies is known to Liquibase alone");
            }
            String checksum = each.generateCheckSum(ChecksumVersion.latest()).toString();
            steps.add(new Step(each.toString(false), changelog.up(each), List.of(rows.applied(each, checksum))));
        }
        if (steps.isEmpty()) return new DownPlan.Nothing("every change set is applied");
        return steps(session, rows, steps, steps.getLast().version());
    }

    private static List<String> statements(Changelog changelog, Ran ran) {
        if (ran.marked()) return List.of();
        String name = Shown.name(ran.name());
        ChangeSet changeSet = changelog
                .find(ran.id(), ran.author(), ran.file())
                .orElseThrow(() -> Refusal.restore("change set " + name + " is applied, but not in the bundle"));
        if (ran.checksum() != null && !changeSet.isCheckSumValid(CheckSum.parse(ran.checksum()))) {
            throw Refusal.restore("the bundle's change set " + name + " is not the one that was applied");
        }
        return changelog.down(changeSet);
    }

    private static boolean same(ChangeSet changeSet, Ran ran) {
        return changeSet.getId().equals(ran.id())
                && changeSet.getAuthor().equals(ran.author())
                && BundleResources.samePath(changeSet.getFilePath(), ran.file());
    }

    private static DownPlan.Steps steps(PgSession session, LiquibaseRows rows, List<Step> steps, String after) {
        StateTable table = rows.table();
        return new DownPlan.Steps(
                Tool.liquibase, table.name(), table.schema(), table.state(session), rows.guards(), steps, after);
    }
}
