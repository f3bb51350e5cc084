package dev.ripcord.rollback.loss;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares only the rows that were written since the copy was taken: each row carries the id of the transaction that wrote
 * it. Where there are few of them, one scan of the live table and some look-ups in the copy are all it takes.
 */
final class WrittenRows {

    private static final long MOST = 200_000;
    private static final int FETCH = 20_000;

    private final PgSession live;
    private final PgSession copy;
    private final String since;

    /**
     * For two sessions in transactions of the caller's.
     *
     * @param horizon a transaction id such that a row with an earlier one is in the copy as it is
     */
    WrittenRows(PgSession live, PgSession copy, String horizon) {
        this.live = live;
        this.copy = copy;
        if (!horizon.matches("\\d{1,10}")) throw new IllegalArgumentException("not a transaction id: " + horizon);
        this.since = " where age(xmin) <= age('" + horizon + "'::xid)";
    }

    /** How many rows there are, and how many of them were written since. */
    record Count(long rows, long written) {}

    Count count(Table table) {
        Row row = live.query(
                        "select count(*) as rows, count(*) filter (" + since + ") as written from only " + table.name())
                .getFirst();
        return new Count(row.getLong("rows"), row.getLong("written"));
    }

    /**
     * The exact difference.
     *
     * @param before how many rows the copy has
     * @return empty where too much was written, or the primary key does not allow it
     */
    Optional<Difference> difference(Table there, Table here, Count count, long before) {
        if (count.written() > 0 && (count.written() > MOST || !here.sameKey(there))) return Optional.empty();
        long inserted = 0;
        long updated = 0;
        if (count.written() > 0) {
            List<String> shared = here.sharedWith(there);
            String lookUp = lookUp(here, shared);
            live.execute("declare written no scroll cursor for select "
                    + there.key().stream().map(column -> column + "::text").collect(Collectors.joining(", "))
                    + ", " + LossCount.hash(shared, "") + " from only " + there.name() + since);
            List<Row> batch = live.query("fetch " + FETCH + " from written");
            while (!batch.isEmpty()) {
                Row found =
                        copy.query(lookUp, columns(batch, there.key().size())).getFirst();
                inserted += batch.size() - found.getLong("there");
                updated += found.getLong("there") - found.getLong("same");
                batch = live.query("fetch " + FETCH + " from written");
            }
            live.execute("close written");
        }
        long deleted = before - (count.rows() - inserted);
        // fewer rows than none were deleted: the copy is not what these rows were written after
        return deleted < 0 ? Optional.empty() : Optional.of(new Difference(inserted, updated, deleted, true));
    }

    private static String lookUp(Table here, List<String> shared) {
        List<String> types = here.keyTypes() == null ? List.of() : here.keyTypes();
        String arrays = IntStream.range(0, types.size())
                .mapToObj(i -> "$" + (i + 1) + "::text[], ")
                .collect(Collectors.joining());
        String names =
                IntStream.range(0, types.size()).mapToObj(i -> "k" + i + ", ").collect(Collectors.joining());
        String equal = IntStream.range(0, types.size())
                .mapToObj(i -> "t." + here.key().get(i) + " = u.k" + i + "::" + types.get(i))
                .collect(Collectors.joining(" and "));
        return "select count(*) as there, count(*) filter (where " + LossCount.hash(shared, "t.")
                + " = u.h) as same from unnest(" + arrays + "$" + (types.size() + 1) + "::bigint[]) as u(" + names
                + "h) join only " + here.name() + " t on " + equal;
    }

    private static Object[] columns(List<Row> batch, int keys) {
        List<Object> columns = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            int column = i;
            columns.add(batch.stream().map(row -> row.getString(column)).toArray(String[]::new));
        }
        columns.add(batch.stream().map(row -> row.getLong(keys)).toArray(Long[]::new));
        return columns.toArray();
    }
}
