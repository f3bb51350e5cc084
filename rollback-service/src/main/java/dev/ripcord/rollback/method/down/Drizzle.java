package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import java.util.List;

/** Drizzle has no way back: its migrations only go up. */
record Drizzle(Settings settings) implements MigrationTool {

    static final String TABLE = "__drizzle_migrations";

    @Override
    public List<String> applied(PgSession session, Bundle bundle) {
        StateTable table = StateTable.one(session, settings.table(), TABLE, "hash", "id")
                .orElseThrow(() -> Refusal.restore("there is no table " + TABLE));
        return session.query("select hash::text as hash from " + table.name() + " order by id desc").stream()
                .map(row -> row.getString("hash"))
                .toList();
    }

    @Override
    public DownPlan down(PgSession session, Bundle bundle, Aim aim) {
        List<String> applied = applied(session, bundle);
        if (applied.isEmpty()) return new DownPlan.Nothing("no migration is applied");
        throw Refusal.restore(
                "Drizzle writes no down migrations; the newest applied one is " + Shown.name(applied.getFirst()));
    }

    @Override
    public DownPlan up(PgSession session, Bundle bundle) {
        throw Refusal.restore("Drizzle has no way back that could be rehearsed");
    }
}
