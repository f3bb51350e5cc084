package dev.ripcord.rollback.method.down;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import java.util.List;

/** What going back would do, found out without changing anything. */
public sealed interface DownPlan {

    /**
     * The way is known.
     *
     * @param tool whose way it is
     * @param table its version table, schema-qualified and quoted
     * @param schema of the version table, found by unqualified names besides the role's usual search path
     * @param state digest of the version table's rows; another one at the time of applying refuses
     * @param guards conditions that must hold when it is applied
     * @param steps in the order in which they run
     * @param after the newest version afterwards, empty where none is left
     */
    record Steps(
            Tool tool, String table, String schema, String state, List<Guard> guards, List<Step> steps, String after)
            implements DownPlan {
        public Steps {
            guards = List.copyOf(guards);
            steps = List.copyOf(steps);
        }

        /** The versions in the order in which they are undone. */
        public List<String> versions() {
            return steps.stream().map(Step::version).toList();
        }
    }

    /** There is nothing to undo, or the database is already where it is wanted: a clean end without work. */
    record Nothing(String reason) implements DownPlan {}

    /** The tool's own way cannot be gone. */
    record Refused(String reason, Next next) implements DownPlan {}

    /** What helps where this method does not. */
    enum Next {
        /** Restoring the snapshot. */
        restore,
        /** Setting the version table to the recorded version, then asking again. */
        stamp,
        /** Asking again when the tool is done, or its stale lock was released by a person. */
        retry,
        /** The request itself is wrong: another method would do what nobody meant. */
        correctRequest
    }

    /**
     * One migration.
     *
     * @param statements the tool's own SQL, each a single statement
     * @param entries what is put right in the tool's tables after them
     */
    record Step(String version, List<String> statements, List<Entry> entries) {
        public Step {
            statements = List.copyOf(statements);
            entries = List.copyOf(entries);
        }

        /** The tool's own SQL as a person reads it. */
        public String sql() {
            return String.join(";\n", statements) + ";";
        }
    }

    /** A statement on the tool's own tables, with its parameters. */
    record Entry(String sql, List<Object> parameters) {
        public Entry {
            parameters = List.copyOf(parameters);
        }

        static Entry of(String sql, Object... parameters) {
            return new Entry(sql, List.of(parameters));
        }
    }

    /** A query that returns one boolean, and what is said where it is false. */
    record Guard(String query, String otherwise) {}
}
