package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Brings values from the copy into the live database, a batch at a time, in the transaction that is open there. */
final class Transfer {

    private static final String KEPT = "pg_temp.\"ripcord values\"";

    /** Rows per batch: few, where they are wide. */
    private static final String BATCH = """
            select greatest(1, least(2000, 4000000 / greatest(1, pg_table_size(oid) / greatest(1, reltuples::bigint))))::int
              from pg_class where oid = $1::text::regclass""";

    private final PgSession live;
    private final PgSession copy;

    Transfer(PgSession live, PgSession copy) {
        this.live = live;
        this.copy = copy;
    }

    void rows(Change.Rows rows) {
        if (rows.columns().isEmpty()) {
            live.execute("insert into " + rows.table() + " select from generate_series(1, "
                    + new Rows(copy).number("select count(*) from only " + rows.table()) + ")");
            return;
        }
        String insert = "insert into " + rows.table() + " (" + String.join(", ", rows.columns())
                + ") overriding system value select " + casts(rows.types()) + " from "
                + unnested(rows.types().size());
        read("only " + rows.table(), rows.table(), rows.columns(), batch -> live.query(insert, batch));
    }

    void values(Change.Values values) {
        String table = values.table();
        Quiet quiet = Quiet.on(live, table);
        String defaults = values.defaulted().stream().map(c -> c + " = default").collect(Collectors.joining(", "));
        if (values.key().isEmpty()) {
            if (!defaults.isEmpty()) live.execute("update " + table + " set " + defaults);
        } else {
            List<String> columns = new ArrayList<>(values.key());
            columns.addAll(values.columns());
            live.execute("create temp table \"ripcord values\" on commit drop as select " + String.join(", ", columns)
                    + " from " + table + " with no data");
            String insert =
                    "insert into " + KEPT + " select " + casts(values.types()) + " from " + unnested(columns.size());
            read(table, table, columns, batch -> live.query(insert, batch));
            live.execute("analyze " + KEPT);
            String match = match(values.key());
            live.execute("update " + table + " t set "
                    + values.columns().stream().map(c -> c + " = v." + c).collect(Collectors.joining(", ")) + " from "
                    + KEPT
                    + " v where " + match);
            if (!defaults.isEmpty()) {
                live.execute("update " + table + " t set " + defaults + " where not exists (select from " + KEPT
                        + " v where " + match + ")");
            }
            live.execute("drop table " + KEPT);
        }
        quiet.end();
    }

    /** How many live rows have a key that the copy has not. */
    long without(String table, List<Column> key) {
        long[] missing = {new Rows(live).number("select count(*) from " + table)};
        if (key.isEmpty()) return missing[0];
        List<String> names = key.stream().map(Column::name).toList();
        String matched = "select count(*) from " + table + " t join (select "
                + IntStream.range(0, names.size())
                        .mapToObj(i -> "c" + i + "::" + key.get(i).type() + " as " + names.get(i))
                        .collect(Collectors.joining(", "))
                + " from " + unnested(names.size()) + ") v on " + match(names);
        read(
                table,
                table,
                names,
                batch -> missing[0] -= live.query(matched, batch).getFirst().getLong(0));
        return missing[0];
    }

    private static String match(List<String> key) {
        return key.stream().map(k -> "t." + k + " = v." + k).collect(Collectors.joining(" and "));
    }

    private static String casts(List<String> types) {
        return IntStream.range(0, types.size())
                .mapToObj(i -> "c" + i + "::" + types.get(i))
                .collect(Collectors.joining(", "));
    }

    private static String unnested(int columns) {
        return "unnest("
                + IntStream.rangeClosed(1, columns)
                        .mapToObj(i -> "$" + i + "::text[]")
                        .collect(Collectors.joining(", "))
                + ") u (" + IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(", ")) + ")";
    }

    /** By each type's own output function: a cast to text may be anybody's. */
    private void read(String from, String table, List<String> columns, Consumer<Object[]> each) {
        String texts = columns.stream()
                .map(c -> "case when num_nonnulls(t." + c + ") = 1 then format('%s', t." + c + ") end")
                .collect(Collectors.joining(", "));
        int size = copy.query(BATCH, table).getFirst().getInteger(0);
        copy.execute("begin read only");
        try {
            copy.execute("declare kept no scroll cursor for select " + texts + " from " + from + " t");
            List<Row> rows;
            while (!(rows = copy.query("fetch " + size + " from kept")).isEmpty())
                each.accept(arrays(rows, columns.size()));
        } finally {
            copy.execute("rollback");
        }
    }

    private static Object[] arrays(List<Row> rows, int columns) {
        List<String[]> arrays = new ArrayList<>(Collections.nCopies(columns, new String[0]));
        for (int column = 0; column < columns; column++) {
            String[] values = new String[rows.size()];
            for (int row = 0; row < values.length; row++)
                values[row] = rows.get(row).getString(column);
            arrays.set(column, values);
        }
        return arrays.toArray();
    }
}
