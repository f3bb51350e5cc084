package dev.ripcord.rollback.loss;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table that holds rows itself.
 *
 * @param oid its object id: a clone has its tables under the same
 * @param name schema-qualified and quoted, as all names here
 * @param root the table that it is a partition of, itself where it is none
 * @param computed those of the columns whose values PostgreSQL computes from others
 * @param virtual those of them that it computes whenever they are read
 * @param key the columns of its primary key, none where there is none
 * @param keyTypes of these, as in SQL; null where one is not PostgreSQL's own
 * @param bytes on the disk, when the server last counted them
 * @param about how many rows the server believes it has
 */
record Table(
        long oid,
        String name,
        String root,
        List<String> columns,
        List<String> computed,
        List<String> virtual,
        List<String> key,
        @Nullable List<String> keyTypes,
        long bytes,
        long about) {

    private static final String TABLES = """
            select c.oid::bigint as oid, format('%I.%I', n.nspname, c.relname) as name,
                   coalesce((select format('%I.%I', rn.nspname, r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
                              where r.oid = pg_partition_root(c.oid)), format('%I.%I', n.nspname, c.relname)) as root,
                   array(select quote_ident(a.attname) from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attname)::text[] as columns,
                   array(select quote_ident(a.attname) from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '')::text[] as computed,
                   array(select quote_ident(a.attname) from pg_attribute a
                          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = 'v')::text[] as virtual,
                   k.names as key, k.types, coalesce(k.own, false) as own, c.relpages::bigint * 8192 as bytes,
                   greatest(c.reltuples, pg_stat_get_live_tuples(c.oid), 0)::bigint as about
              from pg_class c join pg_namespace n on n.oid = c.relnamespace,
                   lateral (select coalesce(array_agg(quote_ident(a.attname) order by a.attname), '{}')::text[] as names,
                                   coalesce(array_agg(format_type(a.atttypid, a.atttypmod) order by a.attname), '{}')::text[] as types,
                                   bool_and(t.typnamespace = 'pg_catalog'::regnamespace) as own
                              from pg_index i cross join unnest(i.indkey) m join pg_attribute a on a.attrelid = c.oid and a.attnum = m join pg_type t on t.oid = a.atttypid
                             where i.indrelid = c.oid and i.indisprimary) k
             where c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'""";

    /** All tables of a database by their names. */
    static Map<String, Table> in(PgSession session) {
        Map<String, Table> tables = new TreeMap<>();
        for (Row row : session.query(TABLES)) {
            Table table = new Table(
                    row.getLong("oid"),
                    row.getString("name"),
                    row.getString("root"),
                    List.of(row.getArrayOfStrings("columns")),
                    List.of(row.getArrayOfStrings("computed")),
                    List.of(row.getArrayOfStrings("virtual")),
                    List.of(row.getArrayOfStrings("key")),
                    row.getBoolean("own") ? List.of(row.getArrayOfStrings("types")) : null,
                    row.getLong("bytes"),
                    row.getLong("about"));
            tables.put(table.name(), table);
        }
        return tables;
    }

    /**
     * The columns that a table of this name in the failed database has too. What it computes is nobody's loss, and of some rows
     * may not be computable; only in the primary key it tells the rows apart.
     */
    List<String> sharedWith(Table failed) {
        return columns.stream()
                .filter(failed.columns()::contains)
                .filter(column ->
                        key.contains(column) || !failed.computed().contains(column) && !virtual.contains(column))
                .toList();
    }

    /** Whether rows of both can be found by the same primary key, through its index. */
    boolean sameKey(Table other) {
        return !key.isEmpty() && key.equals(other.key()) && keyTypes != null && keyTypes.equals(other.keyTypes());
    }
}
