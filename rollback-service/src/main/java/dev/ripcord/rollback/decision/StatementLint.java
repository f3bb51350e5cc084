package dev.ripcord.rollback.decision;

import dev.ripcord.databases.lexer.Token;
import dev.ripcord.rollback.decision.MigrationKind.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what one statement does. */
final class StatementLint {

    /** Things whose making adds and takes nothing away. */
    private static final Set<String> ADDED = Set.of(
            "TABLE",
            "SCHEMA",
            "SEQUENCE",
            "TYPE",
            "DOMAIN",
            "VIEW",
            "EXTENSION",
            "FUNCTION",
            "PROCEDURE",
            "TRIGGER",
            "AGGREGATE",
            "CAST",
            "OPERATOR",
            "COLLATION",
            "STATISTICS",
            "PUBLICATION",
            "TEXT",
            "DATA");

    private static final Set<String> RIGHTS = Set.of("POLICY", "ROLE", "USER", "GROUP", "DEFAULT");

    private final Cursor cursor;

    private StatementLint(List<Token> statement) {
        this.cursor = new Cursor(statement);
    }

    /** What it does; nothing where it only prepares or ends something. */
    static List<Finding> of(List<Token> statement) {
        return new StatementLint(statement).findings();
    }

    private List<Finding> findings() {
        String first = cursor.word();
        return switch (first) {
            case "CREATE" -> create();
            case "DROP" -> drop();
            case "ALTER" -> alter();
            case "DELETE" -> one(MigrationKind.destructive, "deletes rows of " + afterAny("FROM", "ONLY") + all());
            case "TRUNCATE" -> one(MigrationKind.destructive, "empties " + afterAny("TABLE", "ONLY"));
            case "INSERT" -> data("inserts rows into " + afterAny("INTO"));
            case "UPDATE" -> data("updates rows of " + afterAny("ONLY") + all());
            case "MERGE" -> data("merges rows into " + afterAny("INTO", "ONLY"));
            case "WITH" -> with();
            case "COPY" -> copy();
            case "SELECT" -> select();
            case "GRANT", "REVOKE" -> one(MigrationKind.policy, first.toLowerCase(Locale.ROOT) + "s rights");
            case "REASSIGN", "SECURITY" -> one(MigrationKind.policy, "changes owners or labels");
            case "REINDEX" -> one(MigrationKind.index, "builds indexes anew");
            case "COMMENT" -> one(MigrationKind.additive, "comments");
            case "REFRESH" -> one(MigrationKind.additive, "refreshes a materialized view");
            case "BEGIN",
                    "START",
                    "COMMIT",
                    "END",
                    "SAVEPOINT",
                    "RELEASE",
                    "SET",
                    "RESET",
                    "SHOW",
                    "LOCK",
                    "ANALYZE",
                    "VACUUM",
                    "CHECKPOINT" -> List.of();
            default -> unknown(first.isEmpty() ? "is no statement that is known" : first + " may do anything");
        };
    }

    private List<Finding> create() {
        boolean replaces = cursor.skip("OR", "REPLACE");
        cursor.skipAny(
                "GLOBAL",
                "LOCAL",
                "TEMP",
                "TEMPORARY",
                "UNLOGGED",
                "UNIQUE",
                "MATERIALIZED",
                "RECURSIVE",
                "FOREIGN",
                "CONSTRAINT",
                "EVENT");
        String noun = cursor.word();
        cursor.skip("CONCURRENTLY");
        cursor.skip("IF", "NOT", "EXISTS");
        String thing = noun.toLowerCase(Locale.ROOT) + " " + cursor.name();
        if (noun.equals("INDEX")) return one(MigrationKind.index, "makes the " + thing);
        if (RIGHTS.contains(noun)) return one(MigrationKind.policy, "makes the " + thing);
        if (!ADDED.contains(noun)) return unknown("CREATE " + noun + " may do anything");
        if (cursor.has("SECURITY", "DEFINER")) {
            return one(MigrationKind.policy, "makes the " + thing + ", which runs with its owner's rights");
        }
        return one(
                MigrationKind.additive,
                replaces
                        ? "makes or replaces the " + thing + "; an old definition is in the snapshot alone"
                        : "makes the " + thing);
    }

    private List<Finding> drop() {
        cursor.skipAny("MATERIALIZED", "FOREIGN", "EVENT");
        String noun = cursor.word();
        cursor.skip("CONCURRENTLY");
        cursor.skip("IF", "EXISTS");
        String what = "drops the " + noun.toLowerCase(Locale.ROOT) + " " + cursor.name();
        if (cursor.has("CASCADE")) return one(MigrationKind.destructive, what + " and all that hangs on it");
        if (noun.equals("INDEX")) return one(MigrationKind.index, what);
        return one(RIGHTS.contains(noun) ? MigrationKind.policy : MigrationKind.destructive, what);
    }

    private List<Finding> alter() {
        cursor.skipAny("FOREIGN", "MATERIALIZED");
        String noun = cursor.word();
        if (noun.equals("TABLE")) return AlterTableLint.of(cursor);
        String what = "changes the " + noun.toLowerCase(Locale.ROOT) + " " + cursor.name();
        if (noun.equals("INDEX")) return one(MigrationKind.index, what);
        if (RIGHTS.contains(noun) || cursor.has("OWNER", "TO") || cursor.has("SECURITY", "DEFINER")) {
            return one(MigrationKind.policy, what);
        }
        if (noun.equals("SEQUENCE")) return one(MigrationKind.data, what);
        if (noun.equals("TYPE") && (cursor.has("DROP", "ATTRIBUTE") || cursor.has("ALTER", "ATTRIBUTE"))) {
            return one(MigrationKind.destructive, what + " and drops or changes an attribute");
        }
        boolean harmless = (noun.equals("TYPE") && cursor.has("ADD"))
                || (ADDED.contains(noun) && (cursor.has("RENAME") || cursor.has("SET", "SCHEMA")));
        return harmless ? one(MigrationKind.additive, what) : unknown(what);
    }

    private List<Finding> with() {
        if (cursor.has("INSERT") || cursor.has("UPDATE") || cursor.has("MERGE") || cursor.has("DELETE")) {
            return data("writes rows");
        }
        return unknown("WITH may call anything");
    }

    private List<Finding> copy() {
        String table = cursor.name();
        if (cursor.has("FROM", "STDIN")) return unknown("copies rows into " + table + " that stand in the migration");
        return table.isEmpty() || !cursor.has("FROM")
                ? unknown("COPY writes files")
                : data("copies rows into " + table);
    }

    private List<Finding> select() {
        cursor.skip("PG_CATALOG", ".");
        String function = cursor.word();
        if (function.equals("SET_CONFIG")) return List.of();
        return function.equals("SETVAL")
                ? one(MigrationKind.data, "sets a sequence")
                : unknown("SELECT may call anything");
    }

    private List<Finding> data(String what) {
        return cursor.has("DELETE")
                ? one(MigrationKind.destructive, what + " and deletes rows")
                : one(MigrationKind.data, what);
    }

    private String all() {
        return cursor.has("WHERE") ? "" : ", all of them";
    }

    private String afterAny(String... words) {
        cursor.skipAny(words);
        return cursor.name();
    }

    private List<Finding> unknown(String what) {
        return one(MigrationKind.unknown, what);
    }

    private List<Finding> one(MigrationKind kind, String what) {
        return List.of(new Finding(kind, cursor.line(), what));
    }
}
