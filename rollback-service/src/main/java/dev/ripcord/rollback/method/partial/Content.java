package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What there is in some rows, whatever their order: how many, and two sums of different hashes of theirs.
 *
 * @param longest the length of the longest row as text, in bytes; not part of the comparison
 */
record Content(long rows, BigInteger one, BigInteger other, int longest) {

    /** Into how many buckets the rows are distributed, by the hash of their key. */
    static final int BUCKETS = 1 << 16;

    static final Content NONE = new Content(0, BigInteger.ZERO, BigInteger.ZERO, 0);
    private static final String SUMS = "count(*) as rows, coalesce(sum(hashtextextended(t, 0)), 0)::text as one,"
            + " coalesce(sum(hashtextextended(t, 1)), 0)::text as other, coalesce(max(octet_length(t)), 0) as longest";

    private static Content of(Row row) {
        return new Content(
                row.getLong("rows"),
                new BigInteger(row.getString("one")),
                new BigInteger(row.getString("other")),
                row.getInteger("longest"));
    }

    /** Of the rows of the live table that this transaction wrote, in the columns that both databases have. */
    static Content written(PgSession live, Pair pair) {
        return of(live.query("select " + SUMS + " from (select " + Pair.row(pair.shared()) + " as t from "
                        + pair.live().from() + " where xmin = pg_current_xact_id()::xid offset 0) r")
                .getFirst());
    }

    /** Of rows of the copy, each with the two hashes of {@link #hashes}. */
    static Content of(Collection<Row> rows) {
        return all(rows.stream()
                .map(row -> new Content(
                        1, BigInteger.valueOf(row.getLong("one")), BigInteger.valueOf(row.getLong("other")), 0))
                .toList());
    }

    /** The two hashes of each row of a select. */
    static String hashes(Pair pair) {
        String row = Pair.row(pair.shared());
        return "hashtextextended(" + row + ", 0) as one, hashtextextended(" + row + ", 1) as other";
    }

    /** Of a whole table by bucket, in the columns that both databases have. */
    static Map<Integer, Content> buckets(PgSession session, Pair pair, Table table) {
        String sql = "select " + bucket("k") + "::integer as bucket, " + SUMS + " from (select "
                + Pair.row(pair.keyColumns()) + " as k, " + Pair.row(pair.shared()) + " as t from " + table.from()
                + " offset 0) r group by 1";
        return session.query(sql).stream().collect(Collectors.toMap(row -> row.getInteger("bucket"), Content::of));
    }

    /** The expression for the bucket of a key's text. */
    static String bucket(String key) {
        return "(hashtextextended(" + key + ", 0) & " + (BUCKETS - 1) + ")";
    }

    static Content all(Collection<Content> buckets) {
        return buckets.stream().reduce(NONE, Content::and);
    }

    Content and(Content that) {
        return new Content(rows + that.rows, one.add(that.one), other.add(that.other), Math.max(longest, that.longest));
    }

    boolean same(Content that) {
        return rows == that.rows && one.equals(that.one) && other.equals(that.other);
    }
}
