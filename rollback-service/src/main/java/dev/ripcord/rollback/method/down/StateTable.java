package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.down.DownPlan.Next;
import io.vertx.sqlclient.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table in which a migration tool keeps what it did.
 *
 * @param schema its schema, not quoted
 * @param name schema-qualified and quoted
 * @param columns their types by their names
 */
record StateTable(String schema, String name, Map<String, String> columns) {

    private static final String FIND = """
            select n.nspname::text as schema, format('%I.%I', n.nspname, c.relname) as name,
                   array_agg(a.attname::text order by a.attnum) as columns,
                   array_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum) as types
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
              join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relkind in ('r', 'p') and c.relname = $1 and n.nspname !~ '^pg_'
             group by n.nspname, c.relname
            having array_agg(a.attname::text) @> $2::text[]
             order by array_position($3::text[], n.nspname::text), n.nspname""";

    /** What a session of the database's owner would find without qualification, had it logged in by itself. */
    private static final String USUAL_PATH = """
            select replace(coalesce((
                   select substr(c, 13) from pg_db_role_setting s, unnest(s.setconfig) c
                    where c like 'search_path=%' and s.setrole in (0, d.datdba) and s.setdatabase in (0, d.oid)
                    order by s.setrole = 0, s.setdatabase = 0 limit 1), '"$user", public'),
                   '"$user"', quote_ident(pg_get_userbyid(d.datdba))) as path
              from pg_database d where d.datname = current_database()""";

    /** All tables of that name and shape, those on the usual search path first. */
    static List<StateTable> all(PgSession session, String relation, String... columns) {
        String[] path = usualSchemas(session);
        return session.query(FIND, relation, columns, path).stream()
                .map(StateTable::of)
                .toList();
    }

    /**
     * The one that counts: the configured one, else the one on the search path, else the only one.
     *
     * @throws Refusal if there are several
     */
    static Optional<StateTable> one(
            PgSession session, @Nullable String configured, String relation, String... columns) {
        String wanted = configured == null ? relation : configured.substring(configured.lastIndexOf('.') + 1);
        List<StateTable> found = all(session, wanted, columns);
        if (configured != null && configured.indexOf('.') >= 0) {
            String schema = configured.substring(0, configured.lastIndexOf('.'));
            return found.stream().filter(each -> each.schema().equals(schema)).findFirst();
        }
        if (found.size() < 2) return found.stream().findFirst();
        List<String> path = List.of(usualSchemas(session));
        if (path.contains(found.getFirst().schema())) return Optional.of(found.getFirst());
        throw new Refusal(
                "several version tables: "
                        + Shown.names(found.stream().map(StateTable::name).toList()),
                Next.correctRequest);
    }

    static String usualPath(PgSession session) {
        return session.query(USUAL_PATH).getFirst().getString("path");
    }

    private static String[] usualSchemas(PgSession session) {
        return session
                .query(
                        "select trim(both ' \"' from p) as name from unnest(string_to_array($1, ',')) p",
                        usualPath(session))
                .stream()
                .map(row -> row.getString("name"))
                .toArray(String[]::new);
    }

    private static StateTable of(Row row) {
        Map<String, String> columns = new LinkedHashMap<>();
        String[] names = row.getArrayOfStrings("columns");
        String[] types = row.getArrayOfStrings("types");
        for (int i = 0; i < names.length; i++) columns.put(names[i], types[i]);
        return new StateTable(row.getString("schema"), row.getString("name"), columns);
    }

    boolean has(String column) {
        return columns.containsKey(column);
    }

    /** A parameter that is given as text, in the column's own type. */
    String parameter(int number, String column) {
        return "$" + number + "::text::" + columns.get(column);
    }

    /** Digest of all rows, in any order. */
    String state(PgSession session) {
        return state(session, name);
    }

    static String state(PgSession session, String name) {
        return session.query("select md5(coalesce(string_agg(textin(record_out(t.*)) collate \"C\", '|'"
                        + " order by textin(record_out(t.*)) collate \"C\"), '')) as state from " + name + " t")
                .getFirst()
                .getString("state");
    }
}
