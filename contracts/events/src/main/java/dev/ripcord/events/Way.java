package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to go back, where it is not by swapping the whole database.
 *
 * @param method {@code full}, {@code schema} (structure back, rows kept), {@code partial} (named tables), {@code down} (the
 *     migration tool's own way), {@code sql} (approved statements) or {@code application} (the database stays)
 * @param tables for {@code partial}: names as in SQL
 * @param deleteDependents for {@code partial}: also delete rows of other tables that would refer to nothing
 * @param toVersion for {@code down}: the version that stays, null where {@code last} counts
 * @param last for {@code down}: how many of the newest versions are undone; 0 counts as 1
 * @param statements for {@code sql}: a script
 * @param dryRun plan only: nothing is changed
 */
public record Way(
        String method,
        @Nullable List<String> tables,
        boolean deleteDependents,
        @Nullable String toVersion,
        int last,
        @Nullable String statements,
        boolean dryRun) {

    public Way {
        tables = tables == null ? List.of() : List.copyOf(tables);
    }

    /** A method that needs nothing besides its name. */
    public static Way of(String method) {
        return new Way(method, List.of(), false, null, 0, null, false);
    }
}
