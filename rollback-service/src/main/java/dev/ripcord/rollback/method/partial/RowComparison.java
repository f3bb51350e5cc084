package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Differences.Kind;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a table in which two databases differ. Whole buckets of rows are compared first; the rows of those that differ are read side by
 * side in the order of their key's hash. Both sessions are in a transaction.
 */
final class RowComparison {

    private static final int BUCKETS = 1 << 16;

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

    /** What there is in a bucket: rows and the sum of their hashes, and the length of the longest. */
    record Bucket(String content, int longest) {}

    /** The buckets of one side; they do not change while it does not. */
    static Map<Integer, Bucket> buckets(PgSession session, Pair pair, Table table) {
        String sql = "select (hashtextextended(k, 0) & " + (BUCKETS - 1) + ")::integer as bucket,"
                + " count(*)::text || ' ' || sum(hashtextextended(t, 0))::text as content, max(octet_length(t)) as longest"
                + " from (select " + Pair.row(pair.keyColumns()) + " as k, " + Pair.row(pair.shared()) + " as t from "
                + table.from() + " offset 0) r group by 1";
        return session.query(sql).stream()
                .collect(Collectors.toMap(
                        row -> row.getInteger("bucket"),
                        row -> new Bucket(row.getString("content"), row.getInteger("longest"))));
    }

    /** Adds every difference; the buckets are of the copy. */
    void into(Differences differences, Map<Integer, Bucket> before) {
        Map<Integer, Bucket> after = buckets(live, pair, pair.live());
        List<Integer> differing = IntStream.range(0, BUCKETS)
                .filter(bucket -> !Objects.equals(content(before.get(bucket)), content(after.get(bucket))))
                .boxed()
                .toList();
        if (differing.isEmpty()) return;
        boolean carries = !pair.contested().isEmpty() && !pair.newer().isEmpty();
        try (OrderedRows one = new OrderedRows(live, ordered(pair.live(), differing, carries));
                OrderedRows other = new OrderedRows(copy, ordered(pair.copy(), differing, false))) {
            merge(one, other, differences);
        }
    }

    private static @Nullable String content(@Nullable Bucket bucket) {
        return bucket == null ? null : bucket.content();
    }

    private String ordered(Table table, List<Integer> buckets, boolean carries) {
        String some = buckets.size() > BUCKETS * 3 / 4
                ? ""
                : " where hashtextextended(k, 0) & " + (BUCKETS - 1) + " = any ('{"
                        + buckets.stream().map(String::valueOf).collect(Collectors.joining(",")) + "}'::bigint[])";
        String contested = pair.contested().isEmpty()
                ? "0::bigint"
                : "hashtextextended(" + Pair.row(List.copyOf(pair.contested())) + ", 0)";
        return "select leaf, tid, hashtextextended(k, 0) as o, k, hashtextextended(t, 0) as h, u, kept from (select "
                + RowId.columns("r") + ", " + Pair.row(pair.keyColumns()) + " as k, " + Pair.row(pair.shared())
                + " as t, " + contested + " as u, "
                + (carries ? "textin(record_out(r.*))" : "null::text") + " as kept from " + table.from()
                + " r offset 0) d" + some + " order by 3";
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

    private void match(List<Row> here, List<Row> there, Differences differences) {
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
