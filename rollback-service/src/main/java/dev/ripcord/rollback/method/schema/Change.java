package dev.ripcord.rollback.method.schema;

import dev.ripcord.events.TableLoss;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step on the way back. */
public sealed interface Change {

    /** The object that it changes, as kind and name. */
    String object();

    /** What it does, in words. */
    String says();

    /** The line of the plan. */
    default String step() {
        return object() + ": " + says();
    }

    /**
     * A statement of its own.
     *
     * @param loses what is gone afterwards, null for nothing
     * @param lossless a query for the number of values that would not survive, null where there are none
     */
    record Statement(
            String object,
            String sql,
            String says,
            @Nullable Lost loses,
            @Nullable String lossless) implements Change {

        @Override
        public String step() {
            return object + ": " + says + (loses == null ? "" : "; loses " + loses.says());
        }
    }

    /**
     * What is gone after a statement.
     *
     * @param table the rows of the table that goes, null where none does or it is empty
     */
    record Lost(String says, @Nullable TableLoss table) {}

    /** A name that is given back before anything else happens; what it names stays. */
    record Rename(String object, String sql, String says) implements Change {}

    /**
     * Values of columns that come back, taken from the copy by the primary key; rows made since take the default.
     *
     * @param key quoted names
     * @param columns quoted names
     * @param defaulted those that have a default
     */
    record Values(
            String table,
            List<String> key,
            List<String> columns,
            List<String> types,
            List<String> defaulted,
            String says)
            implements Change {
        @Override
        public String object() {
            return "table " + table;
        }
    }

    /** The rows of a table that comes back, taken from the copy. */
    record Rows(String table, List<String> columns, List<String> types, String says) implements Change {
        @Override
        public String object() {
            return "table " + table;
        }
    }
}
