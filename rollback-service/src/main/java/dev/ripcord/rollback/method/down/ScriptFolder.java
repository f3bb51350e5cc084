package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import dev.ripcord.rollback.method.down.DownPlan.Step;
import dev.ripcord.rollback.method.down.ScriptFiles.Migration;
import dev.ripcord.rollback.method.down.ScriptFiles.Script;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A folder of up and down scripts, with a table {@code schema_migrations} and perhaps {@code migration_history}. */
record ScriptFolder(Settings settings) implements MigrationTool {

    static final String TABLE = "schema_migrations";

    /** An applied migration: what its row says, and its files. */
    private record Applied(String row, @Nullable Migration files) {
        boolean is(String wanted) {
            return row.equals(wanted) || files != null && files.is(wanted);
        }
    }

    @Override
    public List<String> applied(PgSession session, Bundle bundle) {
        return applied(session, table(session), ScriptFiles.of(bundle)).stream()
                .map(Applied::row)
                .toList();
    }

    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        StateTable table = table(session);
        ScriptFiles files = ScriptFiles.of(bundle);
        List<Applied> applied = applied(session, table, files);
        Selection<Applied> selection = new Selection<>(
                applied,
                Applied::row,
                Applied::is,
                files.migrations().stream().map(Migration::version).toList());
        List<Applied> chosen = selection.chosen(aim);
        if (chosen.isEmpty()) return selection.nothing(aim);
        ScriptEntries entries = new ScriptEntries(table, ScriptEntries.history(session, table));
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            String below = i + 1 < applied.size() ? applied.get(i + 1).row() : "";
            String row = chosen.get(i).row();
            steps.add(new Step(row, statements(row, script(chosen.get(i))), entries.undone(row, below)));
        }
        return new DownPlan.Steps(
                Tool.scripts,
                table.name(),
                table.schema(),
                table.state(session),
                List.of(),
                steps,
                selection.after(chosen));
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        StateTable table = table(session);
        ScriptFiles files = ScriptFiles.of(bundle);
        List<Applied> applied = applied(session, table, files);
        ScriptEntries entries = new ScriptEntries(table, ScriptEntries.history(session, table));
        List<Step> steps = new ArrayList<>();
        for (Migration each : files.migrations()) {
            if (applied.stream().anyMatch(done -> each.equals(done.files()))) continue;
            Script up = each.up();
            if (up == null) throw Refusal.restore("version " + each.version() + " has no up script");
            steps.add(new Step(each.version(), statements(each.version(), up), entries.applied(each)));
        }
        if (steps.isEmpty()) return new DownPlan.Nothing("every migration is applied");
        return new DownPlan.Steps(
                Tool.scripts,
                table.name(),
                table.schema(),
                table.state(session),
                List.of(),
                steps,
                steps.getLast().version());
    }

    private StateTable table(PgSession session) {
        return StateTable.one(session, settings.table(), TABLE, "version")
                .orElseThrow(() -> Refusal.restore("there is no table " + TABLE + " with a column version"));
    }

    private static Script script(Applied applied) {
        Migration files = applied.files();
        String row = Shown.name(applied.row());
        if (files == null) throw Refusal.restore("version " + row + " is applied, but not in the bundle");
        if (files.down() == null) throw Refusal.restore("version " + row + " has no down script");
        return files.down();
    }

    private static List<String> statements(String version, Script script) {
        if (script.outsideTransaction()) {
            throw Refusal.restore(Shown.name(script.path()) + " wants to run outside of a transaction");
        }
        return OneTransaction.statements(version + " (" + script.path() + ")", script.sql());
    }

    private static List<Applied> applied(PgSession session, StateTable table, ScriptFiles files) {
        List<String> rows = ScriptRows.applied(session, table);
        if (!table.has("dirty") || rows.isEmpty()) {
            return rows.stream().map(row -> new Applied(row, files.of(row))).toList();
        }
        String newest = rows.getFirst();
        Migration current = files.of(newest);
        if (current == null) {
            throw new Refusal(
                    "version " + Shown.name(newest) + " is applied, but not in the bundle; there are "
                            + Shown.names(files.migrations().stream()
                                    .map(Migration::version)
                                    .toList()),
                    Next.restore);
        }
        return files.migrations().subList(0, files.migrations().indexOf(current) + 1).reversed().stream()
                .map(each -> new Applied(each.version(), each))
                .toList();
    }
}
