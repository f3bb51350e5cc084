package dev.ripcord.rollback.decision;

import dev.ripcord.rollback.decision.MigrationKind.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what each action of an ALTER TABLE does. */
final class AlterTableLint {

    /** What begins a constraint, where a column's name would stand. */
    private static final Set<String> CONSTRAINTS =
            Set.of("CONSTRAINT", "CHECK", "NOT", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE");

    private final String table;
    private final Cursor action;

    private AlterTableLint(String table, Cursor action) {
        this.table = table;
        this.action = action;
    }

    /** From behind the word TABLE. */
    static List<Finding> of(Cursor statement) {
        statement.skip("IF", "EXISTS");
        statement.skip("ONLY");
        String table = statement.name();
        statement.skip("*");
        return statement.parts().stream()
                .map(action -> new AlterTableLint(table, action).finding())
                .toList();
    }

    private Finding finding() {
        String verb = action.word();
        return switch (verb) {
            case "ADD" -> add();
            case "DROP" -> drop();
            case "ALTER" -> alter();
            case "RENAME" -> found(MigrationKind.additive, "renames something of " + table);
            case "OWNER" -> found(MigrationKind.policy, "gives " + table + " another owner");
            case "ENABLE", "DISABLE", "FORCE", "NO" -> {
                boolean security = action.has("ROW") && action.has("SECURITY");
                yield security
                        ? found(MigrationKind.policy, "changes row-level security of " + table)
                        : found(MigrationKind.unknown, verb + " changes how " + table + " behaves");
            }
            case "VALIDATE", "CLUSTER", "REPLICA", "SET", "RESET", "ATTACH" ->
                found(MigrationKind.additive, verb.toLowerCase(Locale.ROOT) + " on " + table);
            default -> found(MigrationKind.unknown, verb + " on " + table + " is not known");
        };
    }

    private Finding add() {
        String first = action.word();
        if (CONSTRAINTS.contains(first)) {
            return found(MigrationKind.additive, "adds a constraint to " + table + ", which may refuse rows");
        }
        boolean strict = action.has("NOT", "NULL") && !action.has("DEFAULT") && !action.has("GENERATED");
        return found(
                MigrationKind.additive,
                "adds a column to " + table + (strict ? " that takes no nulls and has no default" : ""));
    }

    private Finding drop() {
        if (action.skip("CONSTRAINT")) return found(MigrationKind.additive, "drops a constraint of " + table);
        action.skip("COLUMN");
        action.skip("IF", "EXISTS");
        return found(MigrationKind.destructive, "drops the column " + action.name() + " of " + table);
    }

    private Finding alter() {
        if (action.skip("CONSTRAINT")) return found(MigrationKind.additive, "changes a constraint of " + table);
        action.skip("COLUMN");
        String column = "the column " + action.name() + " of " + table;
        if (!action.skip("TYPE") && !action.skip("SET", "DATA", "TYPE")) {
            return found(MigrationKind.additive, "changes " + column);
        }
        boolean text = action.skip("TEXT") || action.skip("PG_CATALOG", ".", "TEXT");
        return text && action.atEnd()
                ? found(MigrationKind.additive, "makes " + column + " text")
                : found(MigrationKind.destructive, "gives " + column + " another type, which may cut values off");
    }

    private Finding found(MigrationKind kind, String what) {
        return new Finding(kind, action.line(), what);
    }
}
