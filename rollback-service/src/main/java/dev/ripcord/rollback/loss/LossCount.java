package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    private static final String TOOK_TOO_LONG = "57014";
    private static final String LARGE_OBJECTS_WITHIN = "set local statement_timeout = '2min'";

    private LossCount() {}

    /**
     * What the failed database has that the copy has not, and the other way round, the large objects last; tables without a difference
     * are left out.
     *
     * @param beforeEach of the tables: what it throws ends the count
     */
    public static List<TableLoss> count(PgSession failed, PgSession copy, Runnable beforeEach) {
        Map<String, Table> inFailed = Table.in(failed);
        Map<String, Table> inCopy = Table.in(copy);
        Tally tally = new Tally();
        for (Table table : inFailed.values()) {
            beforeEach.run();
            Table other = inCopy.get(table.name());
            // a transaction for each: it holds the locks of what it has read, of which the server has not many
            begin(failed);
            begin(copy);
            tally.add(
                    table.root(),
                    other == null
                            ? new Difference(rows(failed, table), 0, 0, true)
                            : difference(failed, table, copy, other));
            failed.execute("commit");
            copy.execute("commit");
        }
        for (Table table : inCopy.values()) {
            if (!inFailed.containsKey(table.name())) {
                tally.add(table.root(), new Difference(0, 0, rows(copy, table), true));
            }
        }
        beforeEach.run();
        tally.add(LargeObjects.NAME, largeObjects(failed, copy));
        return tally.loss();
    }

    /** One statement reads them all: where that takes too long they are only counted, so that what was found of the tables is told. */
    private static Difference largeObjects(PgSession failed, PgSession copy) {
        begin(failed);
        begin(copy);
        try {
            failed.execute(LARGE_OBJECTS_WITHIN);
            copy.execute(LARGE_OBJECTS_WITHIN);
            Difference difference = LargeObjects.difference(failed, copy);
            failed.execute("commit");
            copy.execute("commit");
            return difference;
        } catch (DatabaseFailure e) {
            if (!TOOK_TOO_LONG.equals(e.sqlState())) throw e;
            failed.execute("rollback");
            copy.execute("rollback");
            return Difference.estimated(LargeObjects.number(copy), LargeObjects.number(failed), 0);
        }
    }

    /** Begins a transaction that sees one moment and takes no lock that a writer would notice. */
    static void begin(PgSession session) {
        session.execute("begin isolation level repeatable read read only");
    }

    /** Compares one table, in transactions of the caller's. */
    static Difference difference(PgSession failed, Table there, PgSession copy, Table here) {
        List<String> shared = here.sharedWith(there);
        List<String> key = !here.key().isEmpty() && shared.containsAll(here.key()) ? here.key() : shared;
        String rows = "select " + hash(key, "") + " as k, " + hash(shared, "") + " as h from only " + here.name();
        return difference(failed, copy, rows, rows(copy, here));
    }

    /**
     * Compares what a query finds in both, in transactions of the caller's.
     *
     * @param rows selects {@code k}, which tells them apart, and {@code h}, the hash of what they hold
     * @param number about how many there are
     */
    static Difference difference(PgSession failed, PgSession copy, String rows, long number) {
        int buckets = Math.clamp(Long.highestOneBit(Math.max(1, number / ROWS_IN_A_BUCKET)), FEWEST, MOST);
        PgSession.Answer asked = copy.send(buckets(rows, buckets));
        Map<Integer, String> after = read(failed.send(buckets(rows, buckets)));
        Map<Integer, String> before = read(asked);
        String differing = IntStream.range(0, buckets)
                .filter(bucket -> !Objects.equals(before.get(bucket), after.get(bucket)))
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
        if (differing.isEmpty()) return Difference.NONE;
        String ordered = "select k, h from (" + rows + ") r where k & " + (buckets - 1) + " = any ('{" + differing
                + "}'::bigint[]) order by k, h";
        try (Rows differingAfter = new Rows(failed, ordered);
                Rows differingBefore = new Rows(copy, ordered)) {
            return merge(differingAfter, differingBefore);
        }
    }

    /** A row's hash over some of its columns, each after {@code prefix}. */
    static String hash(List<String> columns, String prefix) {
        return columns.stream()
                .map(column -> prefix + column)
                .collect(Collectors.joining(", ", "hashtextextended(row(", ")::text, 0)"));
    }

    private static String buckets(String rows, int buckets) {
        return "select (k & " + (buckets - 1)
                + ")::integer as bucket, count(*)::text || ' ' || sum(h)::text as content from (" + rows
                + ") r group by 1";
    }

    private static Map<Integer, String> read(PgSession.Answer buckets) {
        return buckets.rows().stream()
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
        return new Difference(inserted, updated, deleted, true);
    }

    private static int order(@Nullable Row one, @Nullable Row other) {
        if (one == null) return 1;
        if (other == null) return -1;
        return Long.compare(one.getLong("k"), other.getLong("k"));
    }

    static long rows(PgSession session, Table table) {
        return session.query("select count(*) from only " + table.name())
                .getFirst()
                .getLong(0);
    }

    /** The rows of a query, a batch at a time. */
    private static final class Rows implements AutoCloseable {
        private final PgSession session;
        private List<Row> batch = List.of();
        private int next;

        Rows(PgSession session, String query) {
            this.session = session;
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

        @Override
        public void close() {
            session.execute("close rows");
        }
    }
}
