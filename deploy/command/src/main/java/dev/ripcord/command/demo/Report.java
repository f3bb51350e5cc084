package dev.ripcord.command.demo;

import java.io.PrintStream;
import java.util.Map;
import java.util.stream.Collectors;

/** The summary as a person reads it. */
record Report(Summary summary, PrintStream out) {

    private static final int COLUMN = 26;

    void print() {
        out.println();
        line("Database", "PostgreSQL " + summary.postgresVersion() + ", " + megabytes(summary.databaseBytes()));
        line(
                "Gate",
                "open after " + ms(summary.gateMillis()) + "; taking the snapshot " + ms(summary.snapshotMillis())
                        + ", proving it " + ms(summary.provenMillis()));
        line(
                "Outage",
                ms(summary.outageMillis()) + " seen by the worst of " + Demo.CLIENTS + " clients; closed for "
                        + ms(summary.closedMillis()) + " (for the snapshot they waited "
                        + ms(summary.snapshotPauseMillis())
                        + " at most)");
        line("Rollback", ms(summary.requestToOutcomeMillis()) + " from the request to the verified outcome");
        line("Database equals manifest", summary.databaseMatchesManifest() ? "yes" : "NO");
        line("Orders placed", summary.ordersAcknowledged() + " acknowledged, each in the live or in the kept database");
        line("Rows taken back", tables(summary.rowsLostByTable()));
        line("Changes taken back", tables(summary.rowsChangedByTable()));
        for (Summary.Part part : summary.services()) {
            line(part.name(), "up in " + ms((double) part.startMillis()) + ", " + megabytes(part.rssBytes()));
        }
        line("The failed database", "was kept as " + summary.failedDatabase() + " until this demo ended");
        line("To undo the rollback", "./" + summary.undo() + " (with ./ripcord up, which keeps everything)");
        line("Processes left", String.valueOf(summary.orphans()));
        out.println();
        out.println(summary.problems().isEmpty() ? "All checks passed." : "NOT as it must be:");
        summary.problems().forEach(problem -> out.println("  " + problem));
    }

    private void line(String what, String text) {
        out.println(what + " ".repeat(COLUMN - what.length()) + text);
    }

    private static String ms(double millis) {
        return millis >= 10_000 ? Math.round(millis / 1000) + " s" : Math.round(millis) + " ms";
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }

    private static String tables(Map<String, Long> byTable) {
        return byTable.isEmpty()
                ? "none"
                : byTable.entrySet().stream()
                        .map(table -> table.getKey() + " " + table.getValue())
                        .collect(Collectors.joining(", "));
    }
}
