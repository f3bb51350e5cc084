package dev.ripcord.rollback.loss;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.SchemaDelta;
import dev.ripcord.events.Manifest.SchemaObject;
import dev.ripcord.events.Plan.Vanishing;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a schema differs from what it was.
 *
 * @param made that are there now and were not
 * @param gone that were there
 * @param changed that are defined otherwise
 */
public record SchemaSince(List<SchemaObject> made, List<SchemaObject> gone, List<SchemaObject> changed) {

    /** Nothing is known of a difference. */
    public static final SchemaSince UNKNOWN = new SchemaSince(List.of(), List.of(), List.of());

    /** What is a loss when it goes; the rest, such as indexes and comments, can be made again. */
    private static final Set<String> WORTH_NAMING = Set.of(
            "schema",
            "table",
            "partitioned table",
            "foreign table",
            "view",
            "materialized view",
            "sequence",
            "column",
            "function",
            "type",
            "extension",
            "event trigger",
            "publication");

    private static final Set<String> RELATIONS =
            Set.of("table", "partitioned table", "foreign table", "view", "materialized view");
    private static final int MOST = 200;
    private static final int COUNTED = 20;

    public SchemaSince {
        made = List.copyOf(made);
        gone = List.copyOf(gone);
        changed = List.copyOf(changed);
    }

    /** Tells apart by kind and name what was made, what is gone and what is defined otherwise. */
    public static SchemaSince of(SchemaDelta delta) {
        Set<String> namesThen = delta.before().stream().map(SchemaSince::key).collect(Collectors.toSet());
        Set<String> namesNow = delta.now().stream().map(SchemaSince::key).collect(Collectors.toSet());
        return new SchemaSince(
                those(delta.now(), each -> !namesThen.contains(key(each))),
                those(delta.before(), each -> !namesNow.contains(key(each))),
                those(delta.now(), each -> namesThen.contains(key(each))));
    }

    private static List<SchemaObject> those(List<SchemaObject> objects, Predicate<SchemaObject> which) {
        return objects.stream().filter(which).toList();
    }

    private static String key(SchemaObject object) {
        return object.kind() + " " + object.name();
    }

    /** What will be gone, with as many of its rows and values counted as that takes no time. */
    public List<Vanishing> vanishing(PgSession live) {
        Set<String> relations = made.stream()
                .filter(each -> RELATIONS.contains(each.kind()))
                .map(SchemaObject::name)
                .collect(Collectors.toSet());
        List<SchemaObject> worth = made.stream()
                .filter(each -> WORTH_NAMING.contains(each.kind()))
                .filter(each -> !each.kind().equals("column")
                        || relations.stream().noneMatch(relation -> each.name().startsWith(relation + ".")))
                .limit(MOST)
                .toList();
        Map<String, String> counts = counts(live, worth);
        List<Vanishing> vanishing = new ArrayList<>();
        for (SchemaObject each : worth) {
            String count = vanishing.size() < COUNTED ? counts.get(key(each)) : null;
            vanishing.add(new Vanishing(each.kind(), each.name(), count == null ? null : number(live, count)));
        }
        return vanishing;
    }

    /** Queries that count the rows of a table, or the values of its column. */
    private static Map<String, String> counts(PgSession live, List<SchemaObject> objects) {
        String[] names = objects.stream().map(SchemaObject::name).toArray(String[]::new);
        Map<String, String> queries = new HashMap<>();
        for (Row row : live.query("""
                        select 'column ' || format('%I.%I.%I', n.nspname, c.relname, a.attname) as key, format('select count(%I) from %I.%I', a.attname, n.nspname, c.relname) as query
                          from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                         where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and format('%I.%I.%I', n.nspname, c.relname, a.attname) = any ($1)
                        union all
                        select case c.relkind when 'r' then 'table ' else 'partitioned table ' end || format('%I.%I', n.nspname, c.relname), format('select count(*) from %I.%I', n.nspname, c.relname)
                          from pg_class c join pg_namespace n on n.oid = c.relnamespace
                         where c.relkind in ('r', 'p') and format('%I.%I', n.nspname, c.relname) = any ($1)""", (Object) names)) {
            queries.put(row.getString("key"), row.getString("query"));
        }
        return queries;
    }

    private static @Nullable Long number(PgSession live, String query) {
        try {
            return live.query(query).getFirst().getLong(0);
        } catch (DatabaseFailure e) {
            return null;
        }
    }
}
