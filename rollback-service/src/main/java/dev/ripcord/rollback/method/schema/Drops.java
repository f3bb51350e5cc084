package dev.ripcord.rollback.method.schema;

import dev.ripcord.events.TableLoss;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The statements that take away, each of which says what is lost. */
final class Drops {

    private static final Set<String> STANDING = Set.of("owning column of", "place among partitions of");

    private final Structure live;
    private final Structure copy;
    private final Going going;
    private final Rows rows;
    private final List<Change> renames;

    Drops(Structure live, Structure copy, Going going, Rows rows, List<Change> renames) {
        this.live = live;
        this.copy = copy;
        this.going = going;
        this.rows = rows;
        this.renames = List.copyOf(renames);
    }

    List<Change> statements() {
        Set<String> keys = new LinkedHashSet<>(going.dropped);
        keys.addAll(going.rebuilt);
        List<Change> changes = new ArrayList<>();
        for (String key : Order.of(keys, each -> -live.existing(each).stage(), live::dependents)) {
            Part part = live.existing(key);
            if (going.rebuilt.contains(key)) changes.add(aside(part, "table"));
            else if (going.replaced.contains(key)) changes.add(aside(part, domain(part) ? "domain" : "type"));
            else if (!silent(part)) part.drops().forEach(sql -> changes.add(drop(part, sql)));
        }
        return changes;
    }

    static boolean domain(Part type) {
        return String.valueOf(type.definition()).startsWith("create domain");
    }

    /** The name under which something waits until its successor has its values. */
    static String asideName(String qualified) {
        return "\"ripcord old " + Integer.toHexString(qualified.hashCode()) + '"';
    }

    /** The same with the schema before it. */
    static String aside(String qualified) {
        String name = qualified.startsWith("\"")
                ? qualified.substring(0, qualified.indexOf("\".") + 1)
                : qualified.substring(0, qualified.indexOf('.'));
        return name + '.' + asideName(qualified);
    }

    private static Change aside(Part part, String word) {
        return new Change.Statement(
                part.key(),
                "alter " + word + " " + part.name() + " rename to " + asideName(part.name()),
                "puts " + word + " " + part.name() + " aside until its successor is there",
                null,
                null);
    }

    /** Whether it goes with what it belongs to. */
    private boolean silent(Part part) {
        if (STANDING.contains(part.kind())) return false;
        if (part.is("constraint") && part.stage() == 75) return false;
        if (part.is("column")) {
            Column column = live.column(part.key());
            if (column != null && (column.inherited() || going.rebuilt.contains("table " + column.table())))
                return true;
        }
        String at = live.container(part);
        while (at != null) {
            if (going.dropped.contains(at)) return true;
            if (going.rebuilt.contains(at)) return !part.is("row security of");
            Part container = live.part(at);
            at = container == null ? null : live.container(container);
        }
        return false;
    }

    private Change drop(Part part, String sql) {
        boolean again = copy.part(part.key()) != null;
        return new Change.Statement(
                part.key(),
                sql,
                again ? "takes away " + part.key() + ", which comes back as it was" : "takes away " + part.key(),
                again && !part.holdsRows() ? null : loses(part),
                null);
    }

    private Change.@Nullable Lost loses(Part part) {
        if (part.is("table")) return table(part.name());
        if (part.is("sequence")) return new Change.Lost("sequence " + part.name() + " and its last number", null);
        if (!part.is("column")) return null;
        Column column = live.column(part.key());
        if (column == null || column.generated() || !renames.isEmpty() && renamed(column.table())) return null;
        return new Change.Lost("column " + part.name() + " and its values in " + rows.of(column.table()), null);
    }

    /** Each partition and each heir has a statement of its own. */
    private Change.Lost table(String name) {
        Rows.Count own = rows.own(name);
        return new Change.Lost(
                "table " + name + " with " + own.says(),
                own.rows() == 0 ? null : new TableLoss(name, own.rows(), 0, 0, own.exact()));
    }

    private boolean renamed(String table) {
        return renames.stream().anyMatch(change -> change.object().equals("table " + table));
    }
}
