package dev.ripcord.rollback.method.schema;

import io.vertx.sqlclient.Row;

/** A column of a table; {@code number} is the one in the catalogue, which has gaps. */
record Column(
        String table,
        String name,
        String type,
        int number,
        boolean generated,
        boolean notNull,
        boolean defaulted,
        boolean inherited,
        boolean key,
        boolean partitionKey,
        String typeAddr) {

    static final String QUERY = """
            select format('%I.%I', n.nspname, c.relname) as table_name, quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type, a.attnum::int as number,
                   a.attgenerated <> '' as generated,
                   a.attnotnull and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n' and not k.convalidated and k.conkey[1] = a.attnum) as not_null,
                   a.atthasdef and a.attgenerated = '' or a.attidentity <> '' as defaulted,
                   c.relispartition or a.attinhcount > 0 and not a.attislocal as inherited,
                   exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey::int2[])) as key,
                   exists (select from pg_partitioned_table p where p.partrelid = c.oid and a.attnum = any (p.partattrs::int2[])) as partition_key,
                   '1247:' || coalesce((select e.oid from pg_type e where e.typarray = a.atttypid), a.atttypid) || ':0' as type_addr
              from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
             where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
             order by c.oid, a.attnum""";

    static Column of(Row row) {
        return new Column(
                row.getString("table_name"),
                row.getString("name"),
                row.getString("type"),
                row.getInteger("number"),
                row.getBoolean("generated"),
                row.getBoolean("not_null"),
                row.getBoolean("defaulted"),
                row.getBoolean("inherited"),
                row.getBoolean("key"),
                row.getBoolean("partition_key"),
                row.getString("type_addr"));
    }

    String partKey() {
        return "column " + table + "." + name;
    }

    Column in(String table, String name) {
        return new Column(
                table, name, type, number, generated, notNull, defaulted, inherited, key, partitionKey, typeAddr);
    }
}
