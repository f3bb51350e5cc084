package dev.ripcord.rollback.method.schema;

import dev.ripcord.databases.PgSession;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The statements that change what stays and bring back what is missing. */
final class Creates {

    private final Structure live;
    private final Structure copy;
    private final Going going;
    private final Coming coming;
    private final Tables tables;
    private final String me;
    private final boolean plainRights;

    Creates(
            PgSession liveSession,
            PgSession copySession,
            Structure live,
            Structure copy,
            Going going,
            Coming coming,
            List<Refusal> refusals) {
        this.live = live;
        this.copy = copy;
        this.going = going;
        this.coming = coming;
        this.tables = new Tables(liveSession, copySession, live, copy, going, coming, refusals);
        this.me = liveSession.query("select current_user::text").getFirst().getString(0);
        this.plainRights = Stream.of(live, copy)
                .noneMatch(each -> each.parts().values().stream().anyMatch(part -> part.is("default rights")));
    }

    List<Change> changes() {
        Set<String> keys = new LinkedHashSet<>(going.set);
        keys.addAll(going.converted);
        keys.addAll(going.rebuilt);
        for (String key : coming.back()) {
            if (!coming.absorbed(copy.existing(key))) keys.add(key);
        }
        keys.removeIf(key -> going.converted.contains(key)
                && going.rebuilt.contains("table " + tables.column(copy, key).table()));
        keys.addAll(tables.data());
        List<Change> changes = new ArrayList<>();
        for (String key : Order.of(keys, this::stage, this::needs)) changes.addAll(of(key));
        for (String key : going.replaced) {
            Part type = live.existing(key);
            String word = Drops.domain(type) ? "domain " : "type ";
            changes.add(new Change.Statement(
                    key, "drop " + word + Drops.aside(type.name()), "takes the old " + key + " away", null, null));
        }
        return changes;
    }

    private int stage(String key) {
        return tables.isData(key) ? 48 : copy.existing(key).stage();
    }

    private Set<String> needs(String key) {
        Set<String> needs = new LinkedHashSet<>();
        if (tables.isData(key)) {
            needs.addAll(tables.needs(key));
        } else {
            needs.addAll(copy.needs(key));
            if (coming.madeTable(key)) {
                for (Column column : copy.columns(key.substring("table ".length()))) {
                    needs.addAll(copy.needs(column.partKey()));
                }
            }
        }
        for (String needed : List.copyOf(needs)) {
            Part part = copy.part(needed);
            if (part == null || tables.isData(key)) continue;
            String table =
                    part.is("column") ? "table " + tables.column(copy, needed).table() : needed;
            if (coming.absorbed(part)) needs.add(table);
            if (stage(key) >= 49 || stage(key) == 40) needs.addAll(tables.dataOf(table));
        }
        return needs;
    }

    private List<Change> of(String key) {
        if (tables.isData(key)) return tables.fill(key);
        Part part = copy.existing(key);
        if (part.is("table") && coming.madeTable(key)) return tables.make(part);
        if (going.converted.contains(key)) return tables.convert(part);
        if (part.is("column")) {
            return List.of(
                    new Change.Statement(key, String.join("", created(part)), "brings " + key + " back", null, null));
        }
        boolean changed = going.set.contains(key);
        List<String> statements = changed && part.sets() != null ? part.sets() : plain(part);
        String says = changed || live.part(key) != null && !going.dropped.contains(key)
                ? "changes " + key + " to what it was"
                : "brings " + key + " back";
        return statements.stream()
                .<Change>map(sql -> new Change.Statement(key, sql, says, null, null))
                .toList();
    }

    private List<String> plain(Part part) {
        String container = copy.container(part);
        boolean made = container != null && (coming.back().contains(container) || going.rebuilt.contains(container));
        if (part.is("owner of") && made && me.equals(part.definition())) return List.of();
        if (part.is("rights on") && !part.name().startsWith("column ")) {
            if (made && plainRights && "plain".equals(part.shape())) return List.of();
            return Stream.concat(part.drops().stream(), created(part).stream()).toList();
        }
        return created(part);
    }

    static List<String> created(Part part) {
        if (part.creates() == null) throw new IllegalStateException("No statement makes " + part.key());
        return part.creates();
    }
}
