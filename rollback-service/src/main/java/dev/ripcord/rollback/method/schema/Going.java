package dev.ripcord.rollback.method.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What must go from the live structure, and all that stands on it; nothing else is ever dropped. */
final class Going {

    /** What a column keeps when its type changes. */
    private static final Set<String> KEPT = Set.of(
            "not null of",
            "comment on",
            "rights on",
            "identity of",
            "statistics target of",
            "options of",
            "owning column of",
            "storage of");

    private final Structure live;
    private final Structure copy;
    private final List<Refusal> refusals;
    final Set<String> dropped = new LinkedHashSet<>();
    final Set<String> converted = new LinkedHashSet<>();
    final Set<String> rebuilt = new LinkedHashSet<>();
    final Set<String> replaced = new LinkedHashSet<>();
    final Set<String> set = new LinkedHashSet<>();
    private final Set<String> seen = new LinkedHashSet<>();
    private final Deque<String> open = new ArrayDeque<>();

    Going(Structure live, Structure copy, List<Refusal> refusals) {
        this.live = live;
        this.copy = copy;
        this.refusals = refusals;
    }

    void find() {
        for (Part part : live.parts().values()) {
            Part before = copy.part(part.key());
            if (before == null && copy.inherited(part.key())) continue;
            if (before == null) drop(part.key());
            else if (!part.same(before)) differs(part, before);
        }
        close();
        List<String> tables;
        while (!(tables = outOfOrder()).isEmpty()) {
            for (String table : tables) rebuild(table);
            close();
        }
    }

    private void differs(Part part, Part before) {
        switch (part.kind()) {
            case "table" -> refuse(part, "its kind, partition key, parents or place changed");
            case "column" -> {
                Column here = column(live, part.key());
                Column there = column(copy, part.key());
                if (here.inherited()) return;
                if (here.generated() || there.generated()) drop(part.key());
                else convert(part.key());
            }
            case "type" -> {
                String made = String.valueOf(part.definition());
                if (made.startsWith("create type") && !made.contains(" as enum (")) drop(part.key());
                else replace(part.key());
            }
            default -> {
                if (before.settableFrom(part)) set.add(part.key());
                else drop(part.key());
            }
        }
    }

    private void drop(String key) {
        if (dropped.add(key)) {
            converted.remove(key);
            open.add(key);
        }
    }

    private void replace(String key) {
        replaced.add(key);
        drop(key);
    }

    private void convert(String key) {
        if (!dropped.contains(key) && converted.add(key)) open.add(key);
    }

    private void rebuild(String table) {
        rebuilt.add(table);
        open.add(table);
        for (Column column : live.columns(table.substring("table ".length()))) open.add(column.partKey());
    }

    private void close() {
        while (!open.isEmpty()) {
            String key = open.remove();
            for (String dependent : live.dependents(key)) reach(key, live.existing(dependent));
        }
    }

    private void reach(String key, Part part) {
        if (dropped.contains(part.key())) return;
        boolean both = copy.part(part.key()) != null;
        if (part.is("column")) column(key, part, both);
        else if (part.is("table")) {
            if (both && !rebuilt.contains(key)) refuse(part, "it stands on " + key + ", which has to go");
            else drop(part.key());
        } else if (converted.contains(key) && (KEPT.contains(part.kind()) || part.stage() == 50)) {
            return;
        } else {
            drop(part.key());
        }
    }

    private void column(String key, Part part, boolean both) {
        Column column = column(live, part.key());
        boolean ofTable = key.equals("table " + column.table());
        if (ofTable && rebuilt.contains(key)) return;
        if (ofTable || !both && !column.inherited()) drop(part.key());
        else if (column.inherited()) {
            if (seen.add(part.key())) open.add(part.key());
        } else if (replaced.contains(key)) convert(part.key());
        else if (column.generated()) drop(part.key());
        else refuse(part, "it stands on " + key + ", which has to go");
    }

    /** Tables in which the columns would not be where they were. */
    private List<String> outOfOrder() {
        List<String> found = new ArrayList<>();
        for (Part part : copy.parts().values()) {
            String key = part.key();
            if (!part.is("table") || live.part(key) == null || dropped.contains(key) || rebuilt.contains(key)) continue;
            List<String> names = new ArrayList<>();
            for (Column column : live.columns(part.name())) {
                boolean withParent = column.inherited() && copy.column(column.partKey()) == null;
                if (!withParent && !dropped.contains(column.partKey())) names.add(column.name());
            }
            List<String> before =
                    copy.columns(part.name()).stream().map(Column::name).toList();
            for (String name : before) if (!names.contains(name)) names.add(name);
            if (names.equals(before)) continue;
            if (family(part))
                refuse(part, "its columns would not be in their order, and it has partitions, parents or heirs");
            else found.add(key);
        }
        return found;
    }

    private boolean family(Part table) {
        boolean partitioned = String.valueOf(table.definition()).startsWith("(p,");
        return partitioned
                || copy.columns(table.name()).stream().anyMatch(Column::inherited)
                || live.dependents(table.key()).stream().anyMatch(key -> key.startsWith("table "));
    }

    private static Column column(Structure structure, String key) {
        Column column = structure.column(key);
        if (column == null) throw new IllegalStateException("There is no " + key);
        return column;
    }

    private void refuse(Part part, String reason) {
        Refusal refusal = new Refusal(part.key(), reason);
        if (!refusals.contains(refusal)) refusals.add(refusal);
    }
}
