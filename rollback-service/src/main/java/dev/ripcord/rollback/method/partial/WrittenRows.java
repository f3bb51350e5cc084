package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How many rows of which table this transaction wrote, as the server counted them. */
final class WrittenRows {

    private static final String SO_FAR = """
            select relid::bigint as relation, n_tup_ins as inserted, n_tup_upd as updated, n_tup_del as deleted from pg_stat_xact_all_tables
             where schemaname not in ('pg_catalog', 'information_schema') and schemaname !~ '^pg_toast' and n_tup_ins + n_tup_upd + n_tup_del > 0""";

    private final PgSession live;
    private final Map<Long, Count> before;

    /** From now on; the server may still hold figures of the session's earlier transactions. */
    WrittenRows(PgSession live) {
        this.live = live;
        this.before = soFar();
    }

    private record Count(long inserted, long updated, long deleted) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
        }

        Count minus(Count other) {
            return new Count(inserted - other.inserted, updated - other.updated, deleted - other.deleted);
        }
    }

    private Map<Long, Count> soFar() {
        Map<Long, Count> counts = new HashMap<>();
        for (Row row : live.query(SO_FAR)) {
            counts.put(
                    row.getLong("relation"),
                    new Count(row.getLong("inserted"), row.getLong("updated"), row.getLong("deleted")));
        }
        return counts;
    }

    /** What was written and was not in the draft, or the other way round. */
    Optional<String> beyond(Draft draft) {
        Touched touched = draft.touched;
        Map<Long, Count> found = new HashMap<>();
        soFar().forEach((table, count) -> {
            Count here = count.minus(before.getOrDefault(table, Count.NONE));
            if (!here.equals(Count.NONE)) {
                found.merge(touched.liveTables.entry(table).root(), here, Count::plus);
            }
        });
        for (Table table : touched.tables()) {
            Count expected = expected(draft, table.oid());
            Count written = Optional.ofNullable(found.remove(table.oid())).orElse(Count.NONE);
            if (!fits(expected, written, table.partitioned())) {
                return Optional.of(
                        table.name() + ": " + told(expected) + " were planned, " + told(written) + " were written");
            }
        }
        return found.entrySet().stream()
                .map(each -> touched.liveTables.name(each.getKey()) + " is outside the plan, and "
                        + told(each.getValue()) + " were written")
                .findFirst();
    }

    private static Count expected(Draft draft, long table) {
        Touched touched = draft.touched;
        Count expected = new Count(
                touched.added.containsKey(table) ? touched.added.get(table).size() : 0,
                0,
                touched.doomed.containsKey(table) ? touched.doomed.get(table).size() : 0);
        if (!touched.isNamed(table)) return expected;
        Differences differences = draft.differences(table);
        long replaced = draft.replaces(table) ? differences.count(Kind.REPLACE) : 0;
        return expected.plus(new Count(
                differences.count(Kind.INSERT) + replaced,
                differences.changed() - replaced,
                differences.count(Kind.DELETE) + replaced));
    }

    /** An update that moves a row to another partition counts as a row deleted and one inserted. */
    private static boolean fits(Count expected, Count written, boolean partitioned) {
        long moved = written.inserted() - expected.inserted();
        if (moved < 0 || moved > 0 && !partitioned) return false;
        return written.equals(expected.plus(new Count(moved, -moved, moved)));
    }

    private static String told(Count count) {
        return count.inserted() + " rows inserted, " + count.updated() + " updated and " + count.deleted() + " deleted";
    }
}
