package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to go back, where it is not by swapping the whole database.
 *
 * @param method {@code full}, {@code schema} (structure back, rows kept), {@code partial} (named tables), {@code down} (the
 *     migration tool's own way), {@code sql} (approved statements), {@code application} (the database stays) or
 *     {@code rebuild} (a new database from the baseline and seed scripts: every row is lost)
 * @param tables for {@code partial}: names as in SQL
 * @param deleteDependents for {@code partial}: also delete rows of other tables that would refer to nothing
 * @param toVersion for {@code down}: the version that stays, null where {@code last} counts
 * @param last for {@code down}: how many of the newest versions are undone; 0 for all since the snapshot, or the newest one where
 *     that cannot be told
 * @param statements for {@code sql}: a script
 * @param dryRun plan only: nothing is changed
 * @param orRebuild for {@code full}: where there is no snapshot, {@code rebuild} is planned next, with its own word
 * @param onSecondServer for {@code full}: restored on the second server of the enrolment, where the application is then
 *     pointed to; the database itself is left alone
 */
public record Way(
        String method,
        @Nullable List<String> tables,
        boolean deleteDependents,
        @Nullable String toVersion,
        int last,
        @Nullable String statements,
        boolean dryRun,
        @Nullable Boolean orRebuild,
        @Nullable Boolean onSecondServer) {

    /** With no way besides the method's own. */
    public Way(
            String method,
            @Nullable List<String> tables,
            boolean deleteDependents,
            @Nullable String toVersion,
            int last,
            @Nullable String statements,
            boolean dryRun) {
        this(method, tables, deleteDependents, toVersion, last, statements, dryRun, null, null);
    }

    public Way {
        tables = tables == null ? List.of() : List.copyOf(tables);
    }

    /** The tables, none where none were named. */
    @Override
    public List<String> tables() {
        return tables == null ? List.of() : tables;
    }

    /** Whether a database without a snapshot may be built anew. */
    public boolean mayRebuild() {
        return Boolean.TRUE.equals(orRebuild);
    }

    /** Whether it is restored on the second server. */
    public boolean elsewhere() {
        return Boolean.TRUE.equals(onSecondServer);
    }

    /** A method that needs nothing besides its name. */
    public static Way of(String method) {
        return new Way(method, List.of(), false, null, 0, null, false);
    }
}
