package dev.ripcord.rollback.decision;

import org.jspecify.annotations.Nullable;

/**
 * One difference that a migration made. Types, expressions and definitions are as PostgreSQL prints them
 * ({@code format_type}, {@code pg_get_expr}, {@code pg_get_indexdef} …); names are bare, not quoted.
 */
public sealed interface Change {

    /** A table's name. */
    record Table(String schema, String name) {
        String quoted() {
            return Change.quoted(schema) + "." + Change.quoted(name);
        }
    }

    /** A column is gone. */
    record DroppedColumn(
            Table table,
            String column,
            String type,
            @Nullable String defaultExpression,
            boolean notNull) implements Change {}

    /**
     * A column whose values are computed is gone.
     *
     * @param generated how: {@code generated always as (…) stored}
     */
    record DroppedGenerated(Table table, String column, String type, String generated) implements Change {}

    /**
     * The values of a column are computed otherwise, or not any more, or were not before.
     *
     * @param before how they were, null where they were written
     */
    record ChangedGeneration(
            Table table,
            String column,
            String type,
            @Nullable String before) implements Change {}

    /** A table is gone. */
    record DroppedTable(Table table) implements Change {}

    /** A column takes no nulls any more, or is new and never took any. */
    record AddedNotNull(Table table, String column) implements Change {}

    /** A column has another type. */
    record ChangedType(Table table, String column, String typeBefore) implements Change {}

    /**
     * A column has another default.
     *
     * @param before null where it had none
     */
    record ChangedDefault(
            Table table, String column, @Nullable String before) implements Change {}

    /** A column has another name. */
    record RenamedColumn(Table table, String before, String now) implements Change {}

    /**
     * A table has another name.
     *
     * @param table by its name of now
     */
    record RenamedTable(Table table, String before) implements Change {}

    /** A constraint refuses what was allowed. */
    record AddedConstraint(Table table, String constraint) implements Change {}

    /** A constraint is gone. */
    record DroppedConstraint(Table table, String constraint, String definition) implements Change {}

    /** An index is gone. */
    record DroppedIndex(Table table, String index, String definition) implements Change {}

    /**
     * A row-level policy is gone or has another text.
     *
     * @param definition the whole statement that made it
     */
    record ChangedPolicy(Table table, String policy, String definition) implements Change {}

    /** Row-level security was turned off. */
    record DisabledRowSecurity(Table table) implements Change {}

    /** An identifier as SQL takes it, whatever is in it. */
    static String quoted(String identifier) {
        if (identifier.isEmpty() || identifier.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL has no such name");
        }
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
