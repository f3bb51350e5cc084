package dev.ripcord.rollback.plan;

import dev.ripcord.databases.PgSession;
import dev.ripcord.rollback.decision.Change;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.loss.SchemaSince;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a migration changed, as the difference of two schemas shows it. */
final class Changes {

    private static final String PARTS = PlanResource.text("changes.sql");
    private static final Set<String> HOLDING_VALUES =
            Set.of("table", "partitioned table", "foreign table", "column", "materialized view");

    private Changes() {}

    private record Key(String what, Change.Table table, String name) {}

    private record Definition(String one, String two, String three, String four) {}

    /** From what it was to what it is, as far as a forward fix could be suggested for it. */
    static List<Change> between(PgSession then, PgSession now) {
        Map<Key, Definition> before = parts(then);
        Map<Key, Definition> after = parts(now);
        List<Change> changes = new ArrayList<>();
        before.forEach((key, was) -> {
            Definition is = after.get(key);
            boolean tableGone = !after.containsKey(new Key("table", key.table(), ""));
            if (is == null && (!tableGone || key.what().equals("table"))) changes.addAll(gone(key, was));
            if (is != null && !is.equals(was)) changes.addAll(changed(key, was, is));
        });
        after.forEach((key, is) -> {
            boolean tableThere = before.containsKey(new Key("table", key.table(), ""));
            if (!before.containsKey(key) && tableThere) changes.addAll(made(key, is));
        });
        return changes;
    }

    private static List<Change> gone(Key key, Definition was) {
        return switch (key.what()) {
            case "table" -> List.of(new Change.DroppedTable(key.table()));
            case "column" ->
                List.of(
                        was.four().isEmpty()
                                ? new Change.DroppedColumn(
                                        key.table(),
                                        key.name(),
                                        was.one(),
                                        was.two().isEmpty() ? null : was.two(),
                                        Boolean.parseBoolean(was.three()))
                                : new Change.DroppedGenerated(key.table(), key.name(), was.one(), was.four()));
            case "constraint" -> List.of(new Change.DroppedConstraint(key.table(), key.name(), was.one()));
            case "index" -> List.of(new Change.DroppedIndex(key.table(), key.name(), was.one()));
            default -> List.of(new Change.ChangedPolicy(key.table(), key.name(), was.one()));
        };
    }

    private static List<Change> changed(Key key, Definition was, Definition is) {
        return switch (key.what()) {
            case "table" -> is.one().isEmpty() ? List.of(new Change.DisabledRowSecurity(key.table())) : List.of();
            case "column" -> columnChanged(key, was, is);
            case "constraint" ->
                List.of(
                        new Change.AddedConstraint(key.table(), key.name()),
                        new Change.DroppedConstraint(key.table(), key.name(), was.one()));
            case "index" -> List.of(new Change.DroppedIndex(key.table(), key.name(), was.one()));
            default -> List.of(new Change.ChangedPolicy(key.table(), key.name(), was.one()));
        };
    }

    private static List<Change> columnChanged(Key key, Definition was, Definition is) {
        if (!was.four().equals(is.four()) || !was.four().isEmpty() && !was.one().equals(is.one())) {
            return List.of(new Change.ChangedGeneration(
                    key.table(), key.name(), was.one(), was.four().isEmpty() ? null : was.four()));
        }
        List<Change> changes = new ArrayList<>();
        if (!was.one().equals(is.one())) changes.add(new Change.ChangedType(key.table(), key.name(), was.one()));
        if (!was.two().equals(is.two())) {
            changes.add(
                    new Change.ChangedDefault(key.table(), key.name(), was.two().isEmpty() ? null : was.two()));
        }
        if (!Boolean.parseBoolean(was.three()) && Boolean.parseBoolean(is.three())) {
            changes.add(new Change.AddedNotNull(key.table(), key.name()));
        }
        return changes;
    }

    private static List<Change> made(Key key, Definition is) {
        return switch (key.what()) {
            case "column" ->
                Boolean.parseBoolean(is.three()) && is.two().isEmpty()
                        ? List.of(new Change.AddedNotNull(key.table(), key.name()))
                        : List.of();
            case "constraint" -> List.of(new Change.AddedConstraint(key.table(), key.name()));
            default -> List.of();
        };
    }

    private static Map<Key, Definition> parts(PgSession session) {
        Map<Key, Definition> parts = new LinkedHashMap<>();
        for (Row row : session.query(PARTS)) {
            parts.put(
                    new Key(
                            row.getString("what"),
                            new Change.Table(row.getString("space"), row.getString("relation")),
                            row.getString("name")),
                    new Definition(
                            row.getString("one"), row.getString("two"), row.getString("three"), row.getString("four")));
        }
        return parts;
    }

    /** The weightiest that the schema's own difference speaks of; what only writes rows does not show there. */
    static MigrationKind kind(SchemaSince since, List<Change> changes) {
        if (since.made().isEmpty() && since.gone().isEmpty() && since.changed().isEmpty()) return MigrationKind.unknown;
        boolean destroys = since.gone().stream().anyMatch(each -> HOLDING_VALUES.contains(each.kind()))
                || changes.stream().anyMatch(Changes::overwrites);
        if (destroys) return MigrationKind.destructive;
        boolean unclear = changes.isEmpty()
                && since.changed().stream().anyMatch(each -> each.kind().equals("column"));
        if (unclear) return MigrationKind.unknown;
        boolean rights = changes.stream()
                        .anyMatch(each ->
                                each instanceof Change.ChangedPolicy || each instanceof Change.DisabledRowSecurity)
                || any(since, "policy");
        if (rights) return MigrationKind.policy;
        return onlyIndexes(since) ? MigrationKind.index : MigrationKind.additive;
    }

    /** Whether values that somebody wrote are another's now: cut off, or computed. */
    private static boolean overwrites(Change change) {
        return change instanceof Change.ChangedType
                || change instanceof Change.ChangedGeneration changed && changed.before() == null;
    }

    private static boolean any(SchemaSince since, String kind) {
        return List.of(since.made(), since.gone(), since.changed()).stream()
                .flatMap(List::stream)
                .anyMatch(each -> each.kind().equals(kind));
    }

    private static boolean onlyIndexes(SchemaSince since) {
        return List.of(since.made(), since.gone(), since.changed()).stream()
                .flatMap(List::stream)
                .allMatch(each -> each.kind().equals("index"));
    }
}
