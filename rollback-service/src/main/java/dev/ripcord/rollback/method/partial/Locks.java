package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import java.time.Duration;
import java.util.List;

/** Holds writers off the tables of a plan. */
final class Locks {

    private Locks() {}

    /** Readers go on. All tables together are waited for no longer than the limit, which then holds for each row. */
    static void take(PgSession live, List<Table> tables, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        for (Table table : tables) {
            wait(live, Duration.ofNanos(end - System.nanoTime()));
            live.execute("lock table " + table.from() + " in share row exclusive mode");
        }
        wait(live, limit);
    }

    private static void wait(PgSession live, Duration limit) {
        live.execute("set local lock_timeout = " + Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE));
    }

    /** The parents outside the plan that written rows refer to: nobody may delete them before the restore is committed. */
    static void parents(Draft draft) {
        Touched touched = draft.touched;
        List<Long> locked = touched.tables().stream().map(Table::oid).toList();
        for (ForeignKey key : touched.foreignKeys()) {
            if (!key.enforced() || locked.contains(key.parent())) continue;
            Table child = touched.liveTables.table(key.child());
            Table parent = touched.liveTables.table(key.parent());
            touched.live.query(
                    "select count(*) from (select 1 from " + parent.from() + " p where exists (select 1 from "
                            + child.from() + " c where c.xmin = pg_current_xact_id()::xid and " + key.matches("p", "c")
                            + ") for key share of p) s");
        }
    }
}
