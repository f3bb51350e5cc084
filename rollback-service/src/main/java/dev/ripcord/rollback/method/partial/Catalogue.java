package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.method.partial.Table.Column;
import dev.ripcord.rollback.method.partial.Table.Index;
import dev.ripcord.rollback.method.partial.Table.Key;
import dev.ripcord.rollback.method.partial.Table.Rules;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The tables and foreign keys of one database; a table's details are read when they are first asked for. */
final class Catalogue {

    private final PgSession session;
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<String, Entry> byName = new HashMap<>();
    private final Map<Long, Table> tables = new HashMap<>();
    private final List<ForeignKey> foreignKeys;

    Catalogue(PgSession session) {
        this.session = session;
        for (Row row : session.query(CatalogueSql.ENTRIES)) {
            Entry entry = new Entry(
                    row.getLong("oid"),
                    row.getString("plain"),
                    row.getString("bare"),
                    row.getString("name"),
                    row.getString("kind"),
                    row.getLong("root"),
                    row.getString("bound"));
            entries.put(entry.oid(), entry);
            byName.put(entry.name(), entry);
        }
        foreignKeys = session.query(CatalogueSql.FOREIGN_KEYS).stream()
                .map(Catalogue::foreignKey)
                .toList();
    }

    /**
     * What there is in a few words, before the details.
     *
     * @param plain schema and name with a dot, unquoted
     * @param root the whole table it is a partition of, or itself
     * @param bound of a partition, else empty
     */
    record Entry(long oid, String plain, String bare, String name, String kind, long root, String bound) {}

    /** Those that somebody may mean: by quoted name, else by unquoted name with a schema, else without. */
    List<Entry> meant(String asked) {
        Entry exact = byName.get(asked);
        if (exact != null) return List.of(exact);
        List<Entry> plain = entries.values().stream()
                .filter(entry -> entry.plain().equals(asked))
                .toList();
        if (!plain.isEmpty()) return plain;
        return entries.values().stream()
                .filter(entry -> entry.bare().equals(asked))
                .toList();
    }

    Optional<Table> named(String quoted) {
        return Optional.ofNullable(byName.get(quoted)).map(entry -> table(entry.oid()));
    }

    String name(long oid) {
        return entry(oid).name();
    }

    Entry entry(long oid) {
        return Objects.requireNonNull(entries.get(oid), () -> "There is no table " + oid);
    }

    /** The same for equal partitions of two databases. */
    String place(long leaf) {
        return entry(leaf).name() + " " + entry(leaf).bound();
    }

    /** The table itself and every partition of it. */
    List<Long> family(long root) {
        return entries.values().stream()
                .filter(entry -> entry.root() == root)
                .map(Entry::oid)
                .sorted()
                .toList();
    }

    List<ForeignKey> foreignKeys() {
        return foreignKeys;
    }

    Table table(long oid) {
        return tables.computeIfAbsent(oid, this::read);
    }

    private Table read(long oid) {
        Row row = session.query(CatalogueSql.TABLE, oid).getFirst();
        List<Column> columns = session.query(CatalogueSql.COLUMNS, oid).stream()
                .map(Catalogue::column)
                .toList();
        List<Row> indexes = session.query(CatalogueSql.INDEXES, oid);
        Set<String> notNull = new LinkedHashSet<>(
                columns.stream().filter(Column::sure).map(Column::name).toList());
        return new Table(
                oid,
                row.getString("name"),
                row.getString("kind"),
                row.getBoolean("partition"),
                row.getBoolean("foreign_parts"),
                row.getBoolean("temporary"),
                row.getBoolean("secured"),
                row.getBoolean("hidden"),
                row.getBoolean("writable"),
                row.getBoolean("owned"),
                row.getBoolean("inherited"),
                new Rules(strings(row, "usual_rules"), strings(row, "held_rules")),
                columns,
                indexes.stream()
                        .filter(index -> index.getBoolean("key") && notNull.containsAll(strings(index, "columns")))
                        .map(index -> new Key(strings(index, "columns"), strings(index, "operators")))
                        .toList(),
                indexes.stream().map(Catalogue::index).toList(),
                strings(row, "unchecked"));
    }

    private static Index index(Row row) {
        return new Index(
                strings(row, "columns"),
                row.getBoolean("plain"),
                row.getBoolean("deferrable"),
                row.getBoolean("nulls_equal"),
                row.getBoolean("exclusion"));
    }

    private static Column column(Row row) {
        return new Column(
                row.getString("name"),
                row.getString("type"),
                row.getString("made"),
                strings(row, "labels"),
                row.getBoolean("not_null"),
                row.getBoolean("sure"),
                row.getBoolean("demanding"),
                row.getBoolean("generated"),
                row.getBoolean("virtual"),
                row.getBoolean("identity_always"),
                row.getBoolean("defaulted"));
    }

    private static ForeignKey foreignKey(Row row) {
        return new ForeignKey(
                row.getString("name"),
                row.getLong("child"),
                row.getLong("parent"),
                strings(row, "child_columns"),
                strings(row, "parent_columns"),
                strings(row, "operators"),
                strings(row, "same_operators"),
                row.getBoolean("matches_full"),
                row.getBoolean("validated"),
                row.getBoolean("enforced"),
                row.getBoolean("temporal"),
                row.getBoolean("of_partition"));
    }

    private static List<String> strings(Row row, String column) {
        return new ArrayList<>(List.of(row.getArrayOfStrings(column)));
    }
}
