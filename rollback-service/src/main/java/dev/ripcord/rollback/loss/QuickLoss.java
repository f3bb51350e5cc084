package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.TableLoss;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Estimates from how many rows there are: what nobody waits to read must not hold up the rollback. */
public final class QuickLoss {

    private static final Duration ALL = Duration.ofMillis(1500);
    private static final int EACH_MILLIS = 500;

    private QuickLoss() {}

    /** Rows per table that are more, or fewer, than in the snapshot; a row that was updated does not show. */
    public static List<TableLoss> estimate(PgSession live, Manifest manifest) {
        return estimate(live, before(manifest), LargeObjects.before(manifest));
    }

    /** Every row there is. */
    public static List<TableLoss> everything(PgSession live) {
        return estimate(live, new TreeMap<>(), 0);
    }

    private static List<TableLoss> estimate(PgSession live, Map<String, Long> then, long largeObjects) {
        long until = System.nanoTime() + ALL.toNanos();
        live.execute("set lock_timeout = '100ms'; set statement_timeout = " + EACH_MILLIS);
        Tally tally = new Tally();
        for (Table table : Table.in(live).values()) {
            long before = then.getOrDefault(table.name(), 0L);
            then.remove(table.name());
            add(tally, table.root(), before, System.nanoTime() < until ? rows(live, table) : table.about());
        }
        then.forEach((table, rows) -> add(tally, table, rows, 0));
        add(tally, LargeObjects.NAME, largeObjects, LargeObjects.number(live));
        return tally.loss();
    }

    private static void add(Tally tally, String table, long before, long now) {
        if (before != now) tally.add(table, Difference.estimated(before, now, 0));
    }

    /** How many rows each table of a snapshot has. */
    static Map<String, Long> before(Manifest manifest) {
        Map<String, Long> rows = new TreeMap<>();
        manifest.tables().stream()
                .filter(table -> table.kind().equals("table") || table.kind().equals("unlogged"))
                .forEach(table -> rows.put(table.name(), table.rows()));
        return rows;
    }

    /** How many rows a table has, or is believed to have where counting them takes too long. */
    static long rows(PgSession live, Table table) {
        try {
            return LossCount.rows(live, table);
        } catch (DatabaseFailure e) {
            return table.about();
        }
    }
}
