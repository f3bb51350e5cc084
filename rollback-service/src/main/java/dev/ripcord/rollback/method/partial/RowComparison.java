package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a table in which two databases differ. Whole buckets of rows are compared first; the rows of those that differ are read side by
 * side in the order of their key's hash. Both sessions are in a transaction.
 */
final class RowComparison {

    private final PgSession live;
    private final PgSession copy;
    private final Pair pair;
    private final java.util.function.LongFunction<String> livePlace;
    private final java.util.function.LongFunction<String> copyPlace;

    /** The two functions name a partition so that equal ones have equal names. */
    RowComparison(PgSession live, PgSession copy, Pair pair, Catalogue liveTables, Catalogue copyTables) {
        this.live = live;
        this.copy = copy;
        this.pair = pair;
        this.livePlace = liveTables::place;
        this.copyPlace = copyTables::place;
    }

    /** Adds every difference. */
    void into(Differences differences, Map<Integer, Content> after, Map<Integer, Content> before) {
        List<Integer> differing = IntStream.range(0, Content.BUCKETS)
                .filter(bucket -> differ(before.get(bucket), after.get(bucket)))
                .boxed()
                .toList();
        if (differing.isEmpty()) return;
        try (OrderedRows one = new OrderedRows(live, ordered(pair.live(), differing));
                OrderedRows other = new OrderedRows(copy, ordered(pair.copy(), differing))) {
            merge(one, other, differences);
        }
    }

    private static boolean differ(@Nullable Content one, @Nullable Content other) {
        if (one == null || other == null) return one != null || other != null;
        return !one.same(other);
    }

    private String ordered(Table table, List<Integer> buckets) {
        String some = buckets.size() > Content.BUCKETS * 3 / 4
                ? ""
                : " where " + Content.bucket(Pair.row(pair.keyColumns())) + " = any ('{"
                        + buckets.stream().map(String::valueOf).collect(Collectors.joining(",")) + "}'::bigint[])";
        return "select " + columns(table) + " from " + table.from() + " r" + some + " order by 3";
    }

    /** What tells whether rows {@code r} of one of the two tables differ, for {@link #match}. */
    String columns(Table table) {
        String key = Pair.row(pair.keyColumns());
        String contested = pair.contested().isEmpty()
                ? "0::bigint"
                : "hashtextextended(" + Pair.row(List.copyOf(pair.contested())) + ", 0)";
        boolean carries = table.equals(pair.live())
                && !pair.contested().isEmpty()
                && !pair.newer().isEmpty();
        return RowId.columns("r") + ", hashtextextended(" + key + ", 0) as o, " + key + " as k, hashtextextended("
                + Pair.row(pair.shared()) + ", 0) as h, " + contested + " as u, "
                + (carries ? pair.whole() : "null::text") + " as kept";
    }

    private void merge(OrderedRows one, OrderedRows other, Differences differences) {
        List<Row> here = one.group();
        List<Row> there = other.group();
        while (!here.isEmpty() || !there.isEmpty()) {
            int order = here.isEmpty() ? 1 : there.isEmpty() ? -1 : Long.compare(order(here), order(there));
            match(order <= 0 ? here : List.of(), order >= 0 ? there : List.of(), differences);
            if (order <= 0) here = one.group();
            if (order >= 0) there = other.group();
        }
    }

    private static long order(List<Row> group) {
        return group.getFirst().getLong("o");
    }

    /** Adds what differs between live rows and rows of the copy; those of equal keys must be given together. */
    void match(List<Row> here, List<Row> there, Differences differences) {
        List<Row> left = new ArrayList<>(here);
        for (Row before : there) {
            int same = lastWith(left, before.getString("k"));
            if (same < 0) {
                differences.add(Kind.INSERT, null, RowId.of(before), null);
                continue;
            }
            Row after = left.remove(same);
            if (after.getLong("h").equals(before.getLong("h"))) continue;
            differences.add(kind(after, before), RowId.of(after), RowId.of(before), after.getString("kept"));
        }
        left.forEach(row -> differences.add(Kind.DELETE, RowId.of(row), null, null));
    }

    /** From the end, for a table without a key may have a great many equal rows. */
    private static int lastWith(List<Row> rows, String key) {
        int i = rows.size() - 1;
        while (i >= 0 && !rows.get(i).getString("k").equals(key)) i--;
        return i;
    }

    private Kind kind(Row after, Row before) {
        if (!after.getLong("u").equals(before.getLong("u"))) return Kind.REPLACE;
        if (!pair.live().partitioned()) return Kind.UPDATE;
        return livePlace.apply(after.getLong("leaf")).equals(copyPlace.apply(before.getLong("leaf")))
                ? Kind.UPDATE
                : Kind.MOVE;
    }
}
