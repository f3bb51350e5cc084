package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.AlembicRevisions.Revision;
import dev.ripcord.rollback.method.down.DownPlan.Entry;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import dev.ripcord.rollback.method.down.DownPlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Alembic, which is a Python program: it makes the SQL, and the SQL is run like any other script. */
record Alembic(Settings settings) implements MigrationTool {

    static final String TABLE = "alembic_version";

    @Override
    public List<String> applied(PgSession session, Bundle bundle) {
        AlembicRevisions revisions = AlembicRevisions.of(bundle);
        return current(session, table(session)).map(revisions::from).orElse(List.of()).stream()
                .map(Revision::id)
                .toList();
    }

    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        StateTable table = table(session);
        Optional<String> current = current(session, table);
        if (current.isEmpty() && base(aim)) return new DownPlan.Nothing("no revision is applied");
        AlembicRevisions revisions = AlembicRevisions.of(bundle);
        List<Revision> applied = current.map(revisions::from).orElse(List.of());
        Selection<Revision> selection = new Selection<>(
                applied,
                Revision::id,
                (each, wanted) -> each.id().equals(wanted),
                revisions.byId().keySet());
        List<Revision> chosen = chosen(selection, aim);
        if (chosen.isEmpty()) return selection.nothing(aim);
        for (Revision each : chosen) {
            if (!each.plain()) throw Refusal.restore("the history branches at revision " + each.id());
        }
        String to = selection.after(chosen);
        String range = chosen.getFirst().id() + ":" + (to.isEmpty() ? "base" : to);
        String sql = program().sql(revisions.byId().values(), "downgrade", range);
        List<Step> steps = new ArrayList<>();
        for (Revision each : chosen) {
            String below = each.below().isEmpty() ? "" : each.below().getFirst();
            steps.add(new Step(
                    each.id(), part(sql, each.id(), "downgrade " + each.id() + " -> " + below), entries(table, below)));
        }
        return steps(session, table, steps, to);
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        StateTable table = table(session);
        AlembicRevisions revisions = AlembicRevisions.of(bundle);
        String from = current(session, table).orElse("");
        Revision head = revisions.head();
        List<Revision> pending = new ArrayList<>();
        for (Revision each : revisions.from(head.id())) {
            if (each.id().equals(from)) break;
            if (!each.plain()) throw Refusal.restore("the history branches at revision " + each.id());
            pending.addFirst(each);
        }
        if (pending.isEmpty()) return new DownPlan.Nothing("every revision is applied");
        String range = (from.isEmpty() ? "" : from + ":") + head.id();
        String sql = program().sql(revisions.byId().values(), "upgrade", range);
        List<Step> steps = new ArrayList<>();
        for (Revision each : pending) {
            String below = each.below().isEmpty() ? "" : each.below().getFirst();
            steps.add(new Step(
                    each.id(),
                    part(sql, each.id(), "upgrade " + below + " -> " + each.id()),
                    entries(table, each.id())));
        }
        return steps(session, table, steps, head.id());
    }

    /** The only row; the database is at the base where there is none. */
    static Optional<String> current(PgSession session, StateTable table) {
        List<String> rows =
                session.query("select version_num::text as version from " + table.name() + " order by 1").stream()
                        .map(row -> row.getString("version"))
                        .toList();
        if (rows.size() > 1) throw Refusal.restore("the database is at several revisions: " + Shown.names(rows));
        return rows.stream().findFirst().map(AlembicRevisions::checked);
    }

    /** What makes the table say that the database is at a revision, or at the base. */
    static List<Entry> entries(StateTable table, String revision) {
        List<Entry> entries = new ArrayList<>();
        entries.add(Entry.of("delete from " + table.name()));
        if (!revision.isEmpty()) {
            entries.add(Entry.of("insert into " + table.name() + " (version_num) values ($1)", revision));
        }
        return entries;
    }

    private StateTable table(PgSession session) {
        return StateTable.one(session, settings.table(), TABLE, "version_num")
                .orElseThrow(() -> new Refusal("there is no table " + TABLE, Next.stamp));
    }

    private AlembicProgram program() {
        if (settings.alembic() == null) throw Refusal.restore("no alembic program is configured");
        return new AlembicProgram(settings.alembic(), settings.alembicLimit());
    }

    private static boolean base(Aim aim) {
        return !(aim instanceof Aim.To(String version)) || version.equals("base");
    }

    private static List<Revision> chosen(Selection<Revision> selection, Aim aim) {
        List<Revision> applied = selection.applied();
        if (aim instanceof Aim.To(String version) && version.equals("base")) return applied;
        Revision last = applied.isEmpty() ? null : applied.getLast();
        try {
            return selection.chosen(aim);
        } catch (Refusal e) {
            if (last == null || last.plain()) throw e;
            throw Refusal.restore("the history branches at revision " + last.id());
        }
    }

    private static List<String> part(String sql, String id, String header) {
        String marker = "-- Running " + header + "\n";
        int start = sql.indexOf(marker);
        if (start < 0) throw Refusal.restore("alembic made nothing for revision " + id);
        int end = sql.indexOf("\n-- Running ", start + marker.length() - 1);
        return OneTransaction.statements(
                "revision " + id, sql.substring(start + marker.length(), end < 0 ? sql.length() : end + 1));
    }

    private static DownPlan.Steps steps(PgSession session, StateTable table, List<Step> steps, String after) {
        return new DownPlan.Steps(
                Tool.alembic, table.name(), table.schema(), table.state(session), List.of(), steps, after);
    }
}
