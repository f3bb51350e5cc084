package dev.ripcord.databases;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A session in the live database that changes its schema, waits for another one, or is waited for.
 *
 * @param who its role
 * @param since when it began; with the process id it names one session for ever
 * @param waitsFor process ids of those that it waits for
 * @param query the beginning of its newest statement; it may hold values, so it is shown to people and not kept
 */
public record LiveSession(
        int pid,
        String who,
        String application,
        OffsetDateTime since,
        String state,
        List<Integer> waitsFor,
        boolean changesSchema,
        String query) {

    public LiveSession {
        waitsFor = List.copyOf(waitsFor);
    }

    static LiveSession of(Row row) {
        return new LiveSession(
                row.getInteger("pid"),
                row.getString("who"),
                row.getString("application"),
                row.getOffsetDateTime("since"),
                row.getString("state"),
                Arrays.asList(row.getArrayOfIntegers("waits_for")),
                row.getBoolean("changes_schema"),
                row.getString("query"));
    }

    /** One line for people, without what it runs. */
    public String line() {
        return "pid " + pid + " (" + who + (application.isBlank() ? "" : ", " + application) + ")"
                + (changesSchema ? " changes the schema" : "")
                + (waitsFor.isEmpty()
                        ? ""
                        : " waits for "
                                + waitsFor.stream().map(each -> "pid " + each).collect(Collectors.joining(" and ")))
                + ", " + state;
    }
}
