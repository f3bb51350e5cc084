package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tables that are made or written anew, columns that get their type back, and the rows and values that come from the copy. */
final class Tables {

    private static final String VALUES = "values of table ";
    private static final String ROWS = "rows of table ";

    private final PgSession liveSession;
    private final PgSession copySession;
    private final Structure live;
    private final Structure copy;
    private final Going going;
    private final Coming coming;
    private final List<Refusal> refusals;
    private final Rows copied;
    private final Set<String> data = new LinkedHashSet<>();

    Tables(
            PgSession liveSession,
            PgSession copySession,
            Structure live,
            Structure copy,
            Going going,
            Coming coming,
            List<Refusal> refusals) {
        this.liveSession = liveSession;
        this.copySession = copySession;
        this.live = live;
        this.copy = copy;
        this.going = going;
        this.coming = coming;
        this.refusals = refusals;
        this.copied = new Rows(copySession);
        for (Part part : copy.parts().values()) {
            if (!part.is("table")) continue;
            String partitioned = String.valueOf(part.definition());
            if (coming.back().contains(part.key())) {
                if (!partitioned.startsWith("(p,") && copied.any(part.name())) data.add(ROWS + part.name());
            } else if (!missing(part.name()).isEmpty()) data.add(VALUES + part.name());
        }
    }

    Set<String> data() {
        return data;
    }

    boolean isData(String key) {
        return data.contains(key);
    }

    Set<String> dataOf(String tableKey) {
        if (!tableKey.startsWith("table ")) return Set.of();
        String table = tableKey.substring("table ".length());
        return data.stream()
                .filter(key -> key.equals(VALUES + table) || key.equals(ROWS + table))
                .collect(Collectors.toSet());
    }

    Set<String> needs(String key) {
        if (key.startsWith(ROWS)) return Set.of("table " + key.substring(ROWS.length()));
        String table = key.substring(VALUES.length());
        Set<String> needs = new LinkedHashSet<>(Set.of("table " + table));
        for (Column column : missing(table)) {
            needs.add(column.partKey());
            needs.add("default of " + table + "." + column.name());
        }
        return needs;
    }

    Column column(Structure structure, String partKey) {
        Column column = structure.column(partKey);
        if (column == null) throw new IllegalStateException("There is no " + partKey);
        return column;
    }

    private List<Column> missing(String table) {
        return copy.columns(table).stream()
                .filter(column ->
                        coming.back().contains(column.partKey()) && !column.generated() && !column.inherited())
                .toList();
    }

    List<Change> fill(String key) {
        return key.startsWith(ROWS) ? rows(key.substring(ROWS.length())) : values(key.substring(VALUES.length()));
    }

    private List<Change> rows(String table) {
        List<Column> columns =
                copy.columns(table).stream().filter(each -> !each.generated()).toList();
        return List.of(new Change.Rows(
                table,
                columns.stream().map(Column::name).toList(),
                columns.stream().map(Column::type).toList(),
                "brings " + copied.of(table) + " of table " + table + " back from the copy"));
    }

    private List<Change> values(String table) {
        List<Column> columns = missing(table);
        List<Column> key = copy.columns(table).stream().filter(Column::key).toList();
        boolean usable = !key.isEmpty()
                && key.stream().allMatch(each -> live.column(each.partKey()) != null && !columns.contains(each));
        if (inherited(table)) {
            refusals.add(
                    new Refusal("table " + table, "others inherit from it: whose rows the values are is not known"));
        }
        for (Column column : columns) {
            if (!usable && filled(column)) {
                refusals.add(new Refusal(
                        column.partKey(), "its values cannot come back: the table has no primary key that both have"));
            }
            if (column.notNull() && !column.defaulted()) refuseEmpty(column, usable ? key : List.of());
        }
        List<Column> all = new ArrayList<>(usable ? key : List.of());
        all.addAll(columns);
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        return List.of(new Change.Values(
                table,
                usable ? key.stream().map(Column::name).toList() : List.of(),
                columns.stream().map(Column::name).toList(),
                all.stream().map(Column::type).toList(),
                columns.stream()
                        .filter(each -> copy.part("default of " + table + "." + each.name()) != null)
                        .map(Column::name)
                        .toList(),
                "brings the values of " + names + " in table " + table + " back from the copy (" + copied.of(table)
                        + "); rows made since take the default, or none"));
    }

    private boolean inherited(String table) {
        return !copySession
                .query(
                        "select 1 from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = $1::text::regclass and not c.relispartition limit 1",
                        table)
                .isEmpty();
    }

    private boolean filled(Column column) {
        return !copySession
                .query("select 1 from " + column.table() + " where num_nonnulls(" + column.name() + ") = 1 limit 1")
                .isEmpty();
    }

    private void refuseEmpty(Column column, List<Column> key) {
        long empty;
        try {
            empty = new Transfer(liveSession, copySession).without(column.table(), key);
        } catch (DatabaseFailure e) {
            return; // the key has another name or type now; the constraint itself will tell
        }
        if (empty > 0) {
            refusals.add(new Refusal(
                    column.partKey(), "it must have a value, and %,d rows made since have none".formatted(empty)));
        }
    }

    /** The table with its columns in order, and, if it is written anew, its rows. */
    List<Change> make(Part table) {
        List<Column> columns = copy.columns(table.name());
        boolean heir = Creates.created(table).get(1).startsWith(" inherits");
        String inline = columns.stream()
                .filter(column -> !heir || !column.inherited())
                .map(column -> Creates.created(copy.existing(column.partKey())).get(1))
                .collect(Collectors.joining(", "));
        List<String> made = Creates.created(table);
        if (!made.get(2).isEmpty()) inline += ", " + made.get(2);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.Statement(
                table.key(),
                made.get(0) + " (" + inline + ")" + made.get(1),
                "brings " + table.key() + " back",
                null,
                null));
        if (going.rebuilt.contains(table.key())) changes.addAll(refilled(table.name(), columns));
        return changes;
    }

    private List<Change> refilled(String table, List<Column> columns) {
        List<String> names = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        List<String> checks = new ArrayList<>();
        for (Column column : columns) {
            if (column.generated() || coming.back().contains(column.partKey())) continue;
            names.add(column.name());
            if (going.converted.contains(column.partKey())) {
                Conversion conversion = conversion(column);
                expressions.add(conversion.using());
                if (conversion.lossless() != null) checks.add("(" + conversion.lossless() + ")");
            } else expressions.add(column.name());
        }
        String aside = Drops.aside(table);
        String sql = names.isEmpty()
                ? "insert into " + table + " select from " + aside
                : "insert into " + table + " (" + String.join(", ", names) + ") overriding system value select "
                        + String.join(", ", expressions) + " from only " + aside;
        String check = checks.isEmpty() ? null : "select " + String.join(" + ", checks);
        return List.of(
                new Change.Statement("table " + table, sql, "keeps the rows of table " + table, null, check),
                new Change.Statement(
                        "table " + table,
                        "drop table " + aside,
                        "takes the emptied form of table " + table + " away",
                        null,
                        null));
    }

    List<Change> convert(Part part) {
        Column column = column(copy, part.key());
        Conversion conversion = conversion(column);
        String type = Creates.created(part).get(1).substring(column.name().length() + 1);
        return List.of(new Change.Statement(
                part.key(),
                "alter table " + column.table() + " alter column " + column.name() + " type " + type + " using "
                        + conversion.using(),
                "gives " + part.key() + " its type " + column.type() + " back and keeps its values",
                null,
                conversion.lossless()));
    }

    private Conversion conversion(Column before) {
        Column now = column(live, before.partKey());
        String type = copy.at(before.typeAddr());
        boolean made = type != null && coming.back().contains(type);
        Conversion conversion = made
                ? Conversion.toNew(liveSession, copySession, now, before, labels(type))
                : Conversion.between(liveSession, now, before);
        if (Conversion.zoned(liveSession, now) != Conversion.zoned(copySession, before)) {
            // there and back again the values are the same, in whatever zone: the count below would not find it
            refusals.add(new Refusal(
                    before.partKey(),
                    "the way from %s back to %s depends on the time zone that the migration ran in, which is not known"
                            .formatted(now.type(), before.type())));
        } else if (conversion.lossless() != null) refuseLossy(before, now, conversion.lossless());
        return conversion;
    }

    private @Nullable String labels(@Nullable String type) {
        Part part = type == null ? null : copy.part(type);
        String made = part == null ? "" : String.valueOf(part.definition());
        int at = made.indexOf(" as enum (");
        return at < 0 ? null : made.substring(at + " as enum (".length(), made.length() - 1);
    }

    private void refuseLossy(Column before, Column now, String lossless) {
        try {
            long lost = new Rows(liveSession).number(lossless);
            if (lost > 0) {
                refusals.add(new Refusal(
                        before.partKey(),
                        "%,d values would not survive the way from %s back to %s"
                                .formatted(lost, now.type(), before.type())));
            }
        } catch (DatabaseFailure e) {
            if (e.sqlState() != null && e.sqlState().startsWith("42"))
                return; // renamed: asked again when it has its name
            // the server would quote one of them
            refusals.add(new Refusal(before.partKey(), "its values do not fit " + before.type()));
        }
    }
}
