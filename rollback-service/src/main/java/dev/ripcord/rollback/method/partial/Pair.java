package dev.ripcord.rollback.method.partial;

import dev.ripcord.rollback.method.partial.Table.Column;
import dev.ripcord.rollback.method.partial.Table.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of the live database and its counterpart in the copy.
 *
 * @param shared columns that both have and that are not generated
 * @param newer columns that only the live table has, not generated
 * @param dropped columns whose values only the copy has: they are gone, or generated now
 * @param key what tells the rows apart in both; without one whole rows are compared
 * @param contested columns outside the key in which two rows of the live table may clash, or which no update may set
 */
record Pair(
        Table live,
        Table copy,
        List<String> shared,
        List<String> newer,
        List<String> dropped,
        Optional<Key> key,
        Set<String> contested) {

    static Pair of(Table live, Table copy) {
        Map<String, Column> before = new HashMap<>();
        copy.columns().forEach(column -> before.put(column.name(), column));
        List<String> shared = new ArrayList<>();
        List<String> newer = new ArrayList<>();
        for (Column column : live.columns()) {
            if (column.generated()) continue;
            Column other = before.remove(column.name());
            if (other == null || other.generated()) newer.add(column.name());
            else shared.add(column.name());
        }
        List<String> dropped = copy.columns().stream()
                .filter(column -> before.containsKey(column.name()) && !column.generated())
                .map(Column::name)
                .toList();
        Optional<Key> key = live.keys().stream()
                .filter(each -> shared.containsAll(each.columns()))
                .filter(each -> copy.keys().stream()
                        .anyMatch(other -> Set.copyOf(other.columns()).equals(Set.copyOf(each.columns()))))
                .findFirst();
        return new Pair(live, copy, shared, newer, dropped, key, contested(live, shared, key));
    }

    private static Set<String> contested(Table live, List<String> shared, Optional<Key> key) {
        Set<String> contested = new LinkedHashSet<>();
        for (Table.Index index : live.unique()) {
            boolean isKey = index.plain()
                    && key.isPresent()
                    && Set.copyOf(index.columns()).equals(Set.copyOf(key.get().columns()));
            if (isKey) continue;
            boolean known = shared.containsAll(index.columns()) && (index.plain() || index.exclusion());
            contested.addAll(known && !index.columns().isEmpty() ? index.columns() : shared);
        }
        live.columns().stream()
                .filter(Column::identityAlways)
                .map(Column::name)
                .filter(shared::contains)
                .forEach(contested::add);
        key.ifPresent(each -> contested.removeAll(each.columns()));
        return contested;
    }

    String name() {
        return live.name();
    }

    /** The columns that tell rows apart, all where there is no key. */
    List<String> keyColumns() {
        return key.map(Key::columns).orElse(shared);
    }

    /** What an update sets: neither the key, by which the row was found, nor what no update may set. */
    List<String> settable() {
        return live.columns().stream()
                .filter(column -> !column.identityAlways())
                .map(Column::name)
                .filter(column -> shared.contains(column) && !keyColumns().contains(column))
                .toList();
    }

    /** Whether two of the live table's rows may clash that have other keys. */
    boolean unique() {
        return !contested.isEmpty() || live.unique().stream().anyMatch(Table.Index::exclusion);
    }

    /** Columns into which no null can be written, and in which the copy may hold some. */
    List<String> strict() {
        Set<String> nullable = copy.columns().stream()
                .filter(column -> !column.sure())
                .map(Column::name)
                .collect(Collectors.toSet());
        return live.columns().stream()
                .filter(column -> column.notNull() && nullable.contains(column.name()))
                .map(Column::name)
                .filter(shared::contains)
                .toList();
    }

    /** Why the columns do not fit, one sentence each. */
    List<String> misfits() {
        List<String> misfits = new ArrayList<>();
        Map<String, Column> before = new HashMap<>();
        copy.columns().forEach(column -> before.put(column.name(), column));
        for (Column column : live.columns()) {
            Column other = before.get(column.name());
            if (other == null || column.generated() || other.generated()) continue;
            if (!sameType(column, other)) {
                misfits.add(
                        name() + ": column " + column.name() + " was " + described(other) + " at the snapshot and is "
                                + described(column) + " now; the values do not come back unchanged");
            }
        }
        if (shared.isEmpty()) misfits.add(name() + ": no column is left of those that it had at the snapshot");
        return misfits;
    }

    private static boolean sameType(Column live, Column copy) {
        boolean same = live.type().equals(copy.type()) || text(live.type()) && text(copy.type());
        return same
                && live.made().equals(copy.made())
                && Set.copyOf(live.labels()).containsAll(copy.labels());
    }

    /** Stored alike; that a value is not too long is seen when it is written. */
    private static boolean text(String type) {
        return type.equals("text") || type.matches("character varying(\\(\\d+\\))?");
    }

    private static String described(Column column) {
        String detail = column.labels().isEmpty() ? column.made() : String.join(", ", column.labels());
        return detail.isEmpty() ? column.type() : column.type() + " (" + detail + ")";
    }

    /** A row of the copy as text that the live table's row type reads. */
    String forLive() {
        return fitted(live, copy);
    }

    /** A row of the live table as text that the copy's row type reads. */
    String forCopy() {
        return fitted(copy, live);
    }

    private String fitted(Table reader, Table written) {
        List<String> there = written.columns().stream()
                .filter(column -> !column.virtual())
                .map(Table.Column::name)
                .toList();
        return row(reader.columns().stream()
                .map(column -> shared.contains(column.name())
                                || column.generated() && !column.virtual() && there.contains(column.name())
                        ? column.name()
                        : "null")
                .toList());
    }

    /** A row of the live table as text that its own row type reads, without what is computed anew anyway. */
    String whole() {
        return row(live.columns().stream()
                .map(column -> column.virtual() ? "null" : column.name())
                .toList());
    }

    /** The text of a row by its types' own output functions: a cast to text may be anybody's. */
    static String row(List<String> columns) {
        return "textin(record_out(row(" + String.join(", ", columns) + "))) collate \"C\"";
    }
}
