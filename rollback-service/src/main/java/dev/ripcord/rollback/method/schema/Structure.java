package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All parts of one database's schema and what needs what. */
final class Structure {

    private static final List<String> QUERIES = List.of("tables.sql", "constraints.sql", "others.sql", "rights.sql");

    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, String> keyAt;
    private final Map<String, String> aliases;
    private final Map<String, Set<String>> needs = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();
    private final List<Column> columns;
    private List<String[]> edges = List.of();
    private Set<String> inherited = Set.of();

    private Structure(
            List<Part> parts,
            List<Column> columns,
            Map<String, String> keyAt,
            Map<String, String> aliases,
            List<String[]> edges) {
        this.columns = columns;
        this.keyAt = keyAt;
        this.aliases = aliases;
        for (Part part : parts) this.parts.put(part.key(), part);
        for (String[] edge : edges) edge(at(edge[0]), at(edge[1]));
        for (Part part : parts) {
            for (String needed : part.needs()) edge(part.key(), at(needed));
            if (part.inside() != null) edge(part.key(), at(part.inside()));
        }
    }

    /** Constraints that a partition has from its parent are no parts of their own, but where it is attached anew they are there. */
    private static final String INHERITED = """
            select format('constraint %I.%I %I', n.nspname, c.relname, k.conname) from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
             where c.relispartition and k.contype in ('c', 'n') and k.coninhcount > 0 and not k.conislocal""";

    static Structure read(PgSession session) {
        List<Part> parts = new ArrayList<>();
        for (String query : QUERIES) {
            session.query(resource("prelude.sql") + resource(query)).forEach(row -> parts.add(Part.of(row)));
        }
        Map<String, String> keyAt = new HashMap<>();
        for (Part part : parts) keyAt.put(part.addr(), part.key());
        Map<String, String> aliases = new HashMap<>();
        for (Row row : session.query(resource("aliases.sql"))) aliases.put(row.getString(0), row.getString(1));
        List<String[]> edges = new ArrayList<>();
        for (Row row : session.query(resource("edges.sql")))
            edges.add(new String[] {row.getString(0), row.getString(1)});
        List<Column> columns =
                session.query(Column.QUERY).stream().map(Column::of).toList();
        Set<String> inherited = new HashSet<>();
        session.query(INHERITED).forEach(row -> inherited.add(row.getString(0)));
        return new Structure(parts, columns, keyAt, aliases, edges).with(edges, inherited);
    }

    private Structure with(List<String[]> edges, Set<String> inherited) {
        this.edges = edges;
        this.inherited = inherited;
        return this;
    }

    /** The same structure under other names. */
    Structure renamed(List<Part> parts, List<Column> columns) {
        Map<String, String> keys = new HashMap<>();
        for (Part part : parts) keys.put(part.addr(), part.key());
        return new Structure(parts, columns, keys, aliases, edges).with(edges, inherited);
    }

    private void edge(@Nullable String dependent, @Nullable String needed) {
        if (dependent == null || needed == null || dependent.equals(needed)) return;
        needs.computeIfAbsent(dependent, k -> new LinkedHashSet<>()).add(needed);
        dependents.computeIfAbsent(needed, k -> new LinkedHashSet<>()).add(dependent);
    }

    /** The part that is meant by an entry of the catalogue. */
    @Nullable
    String at(String addr) {
        Set<String> seen = new HashSet<>();
        String at = addr;
        while (seen.add(at)) {
            String key = keyAt.get(at);
            if (key != null) return key;
            String next = aliases.get(at);
            if (next == null) next = at.substring(0, at.lastIndexOf(':')) + ":0";
            at = next;
        }
        return null;
    }

    Map<String, Part> parts() {
        return parts;
    }

    @Nullable
    Part part(String key) {
        return parts.get(key);
    }

    Part existing(String key) {
        Part part = parts.get(key);
        if (part == null) throw new IllegalStateException("There is no " + key);
        return part;
    }

    Set<String> needs(String key) {
        return needs.getOrDefault(key, Set.of());
    }

    Set<String> dependents(String key) {
        return dependents.getOrDefault(key, Set.of());
    }

    /** The key of the part that this one goes with. */
    @Nullable
    String container(Part part) {
        return part.inside() == null ? null : at(part.inside());
    }

    boolean inherited(String key) {
        return inherited.contains(key);
    }

    List<Column> columns() {
        return columns;
    }

    List<Column> columns(String table) {
        return columns.stream().filter(column -> column.table().equals(table)).toList();
    }

    @Nullable
    Column column(String partKey) {
        return columns.stream()
                .filter(column -> column.partKey().equals(partKey))
                .findFirst()
                .orElse(null);
    }

    static String resource(String name) {
        try (InputStream resource = Structure.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
