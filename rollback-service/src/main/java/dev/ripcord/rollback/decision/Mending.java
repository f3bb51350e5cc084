package dev.ripcord.rollback.decision;

import static dev.ripcord.rollback.decision.Change.quoted;

import dev.ripcord.databases.lexer.SqlText;
import dev.ripcord.rollback.decision.Change.Table;

/** The statements that undo one change, in a live database, without bringing values back. */
final class Mending {

    private static final String MARK = "-- A suggestion, run by nobody: read it, and try it on a copy first.\n";

    /** Waiting for a lock, a statement would hold up all that come after it. */
    private static final String BEGIN = "begin;\nset local lock_timeout = '2s';\n";

    private Mending() {}

    static ForwardFix of(Change change) {
        return switch (change) {
            case Change.DroppedColumn gone -> column(gone);
            case Change.DroppedGenerated gone -> generated(gone);
            case Change.ChangedGeneration changed -> generation(changed);
            case Change.DroppedTable gone ->
                new ForwardFix(
                        "Bring back the table " + name(gone.table()) + ".",
                        null,
                        "Its rows are in the snapshot alone: roll back by the method partial, or copy it from the shadow.");
            case Change.AddedNotNull added ->
                alter(
                        "Let " + column(added.table(), added.column()) + " be null again.",
                        added.table(),
                        "alter column " + quoted(added.column()) + " drop not null",
                        "Rows without a value may come in; the new release may not expect them.");
            case Change.ChangedType changed -> type(changed);
            case Change.ChangedDefault changed -> defaultValue(changed);
            case Change.RenamedColumn renamed ->
                alter(
                        "Give " + column(renamed.table(), renamed.now()) + " its old name.",
                        renamed.table(),
                        "rename column " + quoted(renamed.now()) + " to " + quoted(renamed.before()),
                        "The new release knows it by its new name only.");
            case Change.RenamedTable renamed ->
                alter(
                        "Give " + name(renamed.table()) + " its old name.",
                        renamed.table(),
                        "rename to " + quoted(renamed.before()),
                        "The new release knows it by its new name only.");
            case Change.AddedConstraint added ->
                alter(
                        "Drop the new constraint " + plain(added.constraint()) + " of " + name(added.table()) + ".",
                        added.table(),
                        "drop constraint " + quoted(added.constraint()),
                        "Rows that it would refuse may come in.");
            case Change.DroppedConstraint gone -> constraint(gone);
            case Change.DroppedIndex gone -> index(gone);
            case Change.ChangedPolicy changed -> policy(changed);
            case Change.DisabledRowSecurity off ->
                alter(
                        "Turn row-level security on again for " + name(off.table()) + ".",
                        off.table(),
                        "enable row level security",
                        "Without policies nobody but the owner sees a row: restore these in the same transaction.");
        };
    }

    private static ForwardFix column(Change.DroppedColumn gone) {
        String what = "Add " + column(gone.table(), gone.column()) + " back, nullable.";
        String column = quoted(gone.column());
        String expression = gone.defaultExpression();
        if (!SqlText.isOneExpression(gone.type()) || (expression != null && !SqlText.isOneExpression(expression))) {
            return unreadable(what);
        }
        String actions = "add column " + column + " " + gone.type();
        if (expression != null) actions += ",\n  alter column " + column + " set default " + expression;
        String caution = "The values are in the snapshot alone; rows that are there now have none."
                + (gone.notNull() ? " It took no nulls before: fill it, then set not null." : "");
        return alter(what, gone.table(), actions, caution);
    }

    private static ForwardFix generated(Change.DroppedGenerated gone) {
        String what = "Add " + column(gone.table(), gone.column()) + " back, computed as it was.";
        if (!SqlText.isOneExpression(gone.type()) || !SqlText.isOneExpression(gone.generated())) {
            return unreadable(what);
        }
        return alter(
                what,
                gone.table(),
                "add column " + quoted(gone.column()) + " " + gone.type() + " " + gone.generated(),
                "Where it is stored, the table is written anew and locked meanwhile.");
    }

    private static ForwardFix generation(Change.ChangedGeneration changed) {
        String name = column(changed.table(), changed.column());
        if (changed.before() == null) {
            return new ForwardFix(
                    "Let the values of " + name + " be written again.",
                    null,
                    "What was written is in the snapshot alone: roll back, or copy it from the shadow.");
        }
        String what = "Compute " + name + " as before.";
        if (!SqlText.isOneExpression(changed.type()) || !SqlText.isOneExpression(changed.before())) {
            return unreadable(what);
        }
        String column = quoted(changed.column());
        return alter(
                what,
                changed.table(),
                "drop column " + column + ",\n  add column " + column + " " + changed.type() + " " + changed.before(),
                "Values that were written into it since are gone; what stands on it, such as an index or a view, has to be dropped"
                        + " before and made again.");
    }

    private static ForwardFix type(Change.ChangedType changed) {
        String what = "Give " + column(changed.table(), changed.column()) + " its old type.";
        if (!SqlText.isOneExpression(changed.typeBefore())) return unreadable(what);
        String column = quoted(changed.column());
        return alter(
                what,
                changed.table(),
                "alter column %s type %s using %s::%s"
                        .formatted(column, changed.typeBefore(), column, changed.typeBefore()),
                "The table is written anew and locked meanwhile; what was cut off does not come back.");
    }

    private static ForwardFix defaultValue(Change.ChangedDefault changed) {
        String what = "Give " + column(changed.table(), changed.column()) + " its old default.";
        String before = changed.before();
        if (before != null && !SqlText.isOneExpression(before)) return unreadable(what);
        String action = before == null ? " drop default" : " set default " + before;
        return alter(
                what,
                changed.table(),
                "alter column " + quoted(changed.column()) + action,
                "Rows written since keep what they got.");
    }

    private static ForwardFix constraint(Change.DroppedConstraint gone) {
        String what = "Add the constraint " + plain(gone.constraint()) + " of " + name(gone.table()) + " back.";
        if (!SqlText.isOneExpression(gone.definition())) return unreadable(what);
        return alter(
                what,
                gone.table(),
                "add constraint " + quoted(gone.constraint()) + " " + gone.definition(),
                "It fails where rows written since break it; add NOT VALID to a check or a foreign key, and validate later.");
    }

    private static ForwardFix index(Change.DroppedIndex gone) {
        String what = "Make the index " + plain(gone.index()) + " of " + name(gone.table()) + " again.";
        String definition = gone.definition();
        for (String head : new String[] {"CREATE UNIQUE INDEX ", "CREATE INDEX "}) {
            if (definition.startsWith(head) && SqlText.isOneStatement(definition)) {
                return new ForwardFix(
                        what,
                        MARK + head + "CONCURRENTLY " + definition.substring(head.length()) + ";",
                        "Not inside a transaction; should it fail, drop the invalid index. A partitioned table needs it"
                                + " partition by partition.");
            }
        }
        return unreadable(what);
    }

    private static ForwardFix policy(Change.ChangedPolicy changed) {
        String what = "Restore the policy " + plain(changed.policy()) + " of " + name(changed.table()) + ".";
        String definition = changed.definition();
        if (!definition.regionMatches(true, 0, "create policy ", 0, 14) || !SqlText.isOneStatement(definition)) {
            return unreadable(what);
        }
        String drop = "drop policy if exists " + quoted(changed.policy()) + " on "
                + changed.table().quoted() + ";\n";
        return new ForwardFix(
                what,
                MARK + BEGIN + drop + definition + ";\ncommit;",
                "What was seen through the hole was seen; look into the logs.");
    }

    private static ForwardFix alter(String what, Table table, String actions, String caution) {
        return new ForwardFix(
                what, MARK + BEGIN + "alter table " + table.quoted() + "\n  " + actions + ";\ncommit;", caution);
    }

    private static ForwardFix unreadable(String what) {
        return new ForwardFix(
                what, null, "Its old definition could not be read as one piece of SQL: write it by hand.");
    }

    private static String column(Table table, String column) {
        return "the column " + plain(column) + " of " + name(table);
    }

    private static String name(Table table) {
        return plain(table.schema()) + "." + plain(table.name());
    }

    /** A name in a sentence: one line, and nothing that turns the writing round. */
    private static String plain(String name) {
        return name.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
