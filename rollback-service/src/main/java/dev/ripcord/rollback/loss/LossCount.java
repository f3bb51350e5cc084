package dev.ripcord.rollback.loss;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares every row of two databases, the one that failed and a copy of the snapshot, over the columns that both have.
 * Rows are matched by the hash of their primary key, or of the whole row where there is none. First whole buckets of rows are compared; only
 * those that differ are looked at row by row, so that memory stays small and equal tables cost one scan.
 */
public final class LossCount {

    private static final int ROWS_IN_A_BUCKET = 8;
    private static final int FEWEST = 1 << 10;
    private static final int MOST = 1 << 16;
    private static final int FETCH = 5_000;

    private static final String TABLES = """
            select format('%I.%I', n.nspname, c.relname) as name,
                   coalesce((select format('%I.%I', rn.nspname, r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
                              where r.oid = pg_partition_root(c.oid)), format('%I.%I', n.nspname, c.relname)) as root,
                   array(select quote_ident(a.attname) from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attname)::text[] as columns,
                   array(select quote_ident(a.attname) from pg_index i cross join unnest(i.indkey) k join pg_attribute a on a.attrelid = c.oid and a.attnum = k
                          where i.indrelid = c.oid and i.indisprimary order by a.attname)::text[] as key
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    private LossCount() {}

    private record Table(String name, String root, List<String> columns, List<String> key) {}

    /** What the failed database has that the copy has not, and the other way round; tables without a difference are left out. */
    public static List<TableLoss> count(PgSession failed, PgSession copy) {
        Map<String, Table> inFailed = tables(failed);
        Map<String, Table> inCopy = tables(copy);
        Map<String, TableLoss> loss = new TreeMap<>();
        for (Table table : inFailed.values()) {
            Table other = inCopy.get(table.name());
            add(
                    loss,
                    table.root(),
                    other == null ? new Difference(rows(failed, table), 0, 0) : difference(failed, table, copy, other));
        }
        for (Table table : inCopy.values()) {
            if (!inFailed.containsKey(table.name())) add(loss, table.root(), new Difference(0, 0, rows(copy, table)));
        }
        return new ArrayList<>(loss.values());
    }

    private record Difference(long inserted, long updated, long deleted) {
        static final Difference NONE = new Difference(0, 0, 0);
    }

    private static void add(Map<String, TableLoss> loss, String table, Difference difference) {
        if (difference.equals(Difference.NONE)) return;
        loss.merge(
                table,
                new TableLoss(table, difference.inserted(), difference.updated(), difference.deleted(), true),
                (one, other) -> new TableLoss(
                        table,
                        one.inserted() + other.inserted(),
                        one.updated() + other.updated(),
                        one.deleted() + other.deleted(),
                        true));
    }

    private static Difference difference(PgSession failed, Table there, PgSession copy, Table here) {
        List<String> shared =
                here.columns().stream().filter(there.columns()::contains).toList();
        List<String> key = !here.key().isEmpty() && shared.containsAll(here.key()) ? here.key() : shared;
        String rows = "select " + hash(key) + " as k, " + hash(shared) + " as h from only " + here.name();
        int buckets = Math.clamp(Long.highestOneBit(Math.max(1, rows(copy, here) / ROWS_IN_A_BUCKET)), FEWEST, MOST);
        Map<Integer, String> before = buckets(copy, rows, buckets);
        Map<Integer, String> after = buckets(failed, rows, buckets);
        String differing = IntStream.range(0, buckets)
                .filter(bucket -> !Objects.equals(before.get(bucket), after.get(bucket)))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
        if (differing.isEmpty()) return Difference.NONE;
        String ordered = "select k, h from (" + rows + ") r where k & " + (buckets - 1) + " = any ('{" + differing
                + "}'::bigint[]) order by k, h";
        return merge(new Rows(failed, ordered), new Rows(copy, ordered));
    }

    private static String hash(List<String> columns) {
        return "hashtextextended(row(" + String.join(", ", columns) + ")::text, 0)";
    }

    private static Map<Integer, String> buckets(PgSession session, String rows, int buckets) {
        return session
                .query("select (k & " + (buckets - 1)
                        + ")::integer as bucket, count(*)::text || ' ' || sum(h)::text as content from (" + rows
                        + ") r group by 1")
                .stream()
                .collect(Collectors.toMap(row -> row.getInteger("bucket"), row -> row.getString("content")));
    }

    private static Difference merge(Rows after, Rows before) {
        long inserted = 0;
        long updated = 0;
        long deleted = 0;
        Row one = after.next();
        Row other = before.next();
        while (one != null || other != null) {
            int order = order(one, other);
            if (order < 0) {
                inserted++;
                one = after.next();
            } else if (order > 0) {
                deleted++;
                other = before.next();
            } else {
                if (one != null && other != null && !one.getLong("h").equals(other.getLong("h"))) updated++;
                one = after.next();
                other = before.next();
            }
        }
        after.close();
        before.close();
        return new Difference(inserted, updated, deleted);
    }

    private static int order(@Nullable Row one, @Nullable Row other) {
        if (one == null) return 1;
        if (other == null) return -1;
        return Long.compare(one.getLong("k"), other.getLong("k"));
    }

    private static long rows(PgSession session, Table table) {
        return session.query("select count(*) from only " + table.name())
                .getFirst()
                .getLong(0);
    }

    private static Map<String, Table> tables(PgSession session) {
        return session.query(TABLES).stream()
                .map(row -> new Table(
                        row.getString("name"),
                        row.getString("root"),
                        List.of(row.getArrayOfStrings("columns")),
                        List.of(row.getArrayOfStrings("key"))))
                .collect(Collectors.toMap(Table::name, table -> table));
    }

    /** The rows of a query, a batch at a time. */
    private static final class Rows {
        private final PgSession session;
        private List<Row> batch = List.of();
        private int next;

        Rows(PgSession session, String query) {
            this.session = session;
            session.execute("begin read only");
            session.execute("declare rows no scroll cursor for " + query);
        }

        @Nullable
        Row next() {
            if (next == batch.size()) {
                batch = session.query("fetch " + FETCH + " from rows");
                next = 0;
            }
            return next < batch.size() ? batch.get(next++) : null;
        }

        void close() {
            session.execute("commit");
        }
    }
}
