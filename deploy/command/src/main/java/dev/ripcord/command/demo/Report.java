package dev.ripcord.command.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The summary as a person reads it. */
record Report(Summary summary) {

    void print(PrintStream out) {
        out.println();
        line(out, "Database", "PostgreSQL %s, %d MB", summary.postgresVersion(), summary.databaseBytes() >> 20);
        line(out, "Gate", "open after %.0f ms; the snapshot took %.0f ms, proving it %.0f ms",
                summary.gateMillis(), summary.snapshotMillis(), summary.provenMillis());
        line(out, "Outage", "%.0f ms seen by the worst of %d clients (closed for %.1f ms; for the snapshot %.0f ms)",
                summary.outageMillis(), Demo.CLIENTS, summary.closedMillis(), summary.snapshotPauseMillis());
        line(out, "Rollback", "%.0f ms from the request to the verified outcome", summary.requestToOutcomeMillis());
        line(out, "Database equals manifest", summary.databaseMatchesManifest() ? "yes" : "NO");
        line(out, "Rows placed", "%d acknowledged, each in the live or in the kept database", summary.rowsAcknowledged());
        line(out, "Rows taken back", "%s", tables(summary.rowsLostByTable()));
        line(out, "Changes taken back", "%s", tables(summary.rowsChangedByTable()));
        for (Summary.Process process : summary.services()) {
            line(out, process.name(), "up in %.1f s, %d MB", process.startMillis() / 1000.0, process.rssBytes() >> 20);
        }
        line(out, "The failed database", "was kept as %s, until this demo ended", summary.failedDatabase());
        line(out, "To undo the rollback", "./%s (with `./ripcord up`, which keeps everything)", summary.undo());
        line(out, "Processes left", "%d", summary.orphans());
        out.println();
        if (summary.problems().isEmpty()) {
            out.println("All checks passed.");
        } else {
            out.println("NOT as it must be:");
            summary.problems().forEach(problem -> out.println("  " + problem));
        }
    }

    private static void line(PrintStream out, String what, String format, Object... values) {
        out.printf(Locale.ROOT, "%-26s%s%n", what, String.format(Locale.ROOT, format, values));
    }

    private static String tables(Map<String, Long> byTable) {
        return byTable.isEmpty()
                ? "none"
                : byTable.entrySet().stream()
                        .map(table -> table.getKey() + " " + table.getValue())
                        .collect(Collectors.joining(", "));
    }
}
