package dev.ripcord.rollback.method.partial;

import io.vertx.sqlclient.Row;
import java.util.Collection;

/**
 * Where a row lies, valid as long as the transaction that read it.
 *
 * @param leaf object id of the table or partition
 * @param tid block and line, packed
 */
record RowId(long leaf, long tid) {

    /** What a query must select for {@link #of}. */
    static String columns(String alias) {
        return alias + ".tableoid::bigint as leaf, " + alias + ".ctid::text as tid";
    }

    static RowId of(Row row) {
        return new RowId(row.getLong("leaf"), pack(row.getString("tid")));
    }

    static long pack(String tid) {
        int comma = tid.indexOf(',');
        return Long.parseLong(tid, 1, comma, 10) << 16 | Long.parseLong(tid, comma + 1, tid.length() - 1, 10);
    }

    String text() {
        return "(" + (tid >>> 16) + "," + (tid & 0xffff) + ")";
    }

    static String[] texts(Collection<RowId> rows) {
        return rows.stream().map(RowId::text).toArray(String[]::new);
    }
}
