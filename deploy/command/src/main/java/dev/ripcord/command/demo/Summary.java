package dev.ripcord.command.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the demo found, in figures.
 *
 * @param snapshotMillis taking the snapshot, as the service measured it
 * @param gateMillis from asking to the open gate, as the pipeline saw it
 * @param provenMillis restoring the snapshot into its shadow and comparing it
 * @param snapshotPauseMillis the longest gap between two successes of any client around the snapshot
 * @param outageMillis the longest gap between two successes of any client around the rollback
 * @param closedMillis how long the database was closed in the rollback, as the service measured it
 * @param requestToOutcomeMillis from the request to {@code rollback.completed}
 * @param databaseMatchesManifest in all that new writes do not change
 * @param rowsLostByTable rows that came after the snapshot, counted by the service
 * @param rowsChangedByTable rows whose change was taken back, deleted ones that came back among them
 * @param orphans processes left when everything was stopped
 * @param problems what was not as it must be; none is what is wanted
 */
public record Summary(
        double snapshotMillis,
        double gateMillis,
        double provenMillis,
        double snapshotPauseMillis,
        double outageMillis,
        double closedMillis,
        double requestToOutcomeMillis,
        boolean databaseMatchesManifest,
        Map<String, Long> rowsLostByTable,
        Map<String, Long> rowsChangedByTable,
        long ordersAcknowledged,
        String failedDatabase,
        String undo,
        long databaseBytes,
        String postgresVersion,
        List<Part> services,
        int orphans,
        List<String> problems) {

    /** One process of the suite. */
    public record Part(String name, long startMillis, long rssBytes) {}

    /** The same with what is known only when everything was stopped, and the figures held against what is possible. */
    Summary stopped(int left) {
        List<String> all = new ArrayList<>(problems);
        if (left > 0) all.add(left + " processes are left");
        sane("gateMillis", gateMillis, all);
        sane("snapshotMillis", snapshotMillis, all);
        sane("provenMillis", provenMillis, all);
        sane("outageMillis", outageMillis, all);
        sane("requestToOutcomeMillis", requestToOutcomeMillis, all);
        if (databaseBytes <= 0) all.add("databaseBytes cannot be " + databaseBytes);
        for (Part part : services) {
            if (part.startMillis() <= 0) all.add(part.name() + " cannot be up in " + part.startMillis() + " ms");
            if (part.rssBytes() == 0) all.add(part.name() + " cannot hold no memory");
        }
        return new Summary(
                snapshotMillis,
                gateMillis,
                provenMillis,
                snapshotPauseMillis,
                outageMillis,
                closedMillis,
                requestToOutcomeMillis,
                databaseMatchesManifest,
                rowsLostByTable,
                rowsChangedByTable,
                ordersAcknowledged,
                failedDatabase,
                undo,
                databaseBytes,
                postgresVersion,
                services,
                left,
                List.copyOf(all));
    }

    /** No promise about a machine that is busy with other things: only what cannot be right. */
    private void sane(String what, double millis, List<String> problems) {
        if (!(millis > 0) || millis > 60_000 + databaseBytes / 20_000.0)
            problems.add(what + " is not plausible: " + millis);
    }
}
