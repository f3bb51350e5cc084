package dev.ripcord.command.demo;

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
        long rowsAcknowledged,
        String failedDatabase,
        String undo,
        long databaseBytes,
        String postgresVersion,
        List<Process> services,
        int orphans,
        List<String> problems) {

    /** One process of the suite. */
    public record Process(String name, long startMillis, long rssBytes) {}

    /** The same with what is known only when everything was stopped. */
    Summary stopped(int left) {
        List<String> all = new java.util.ArrayList<>(problems);
        if (left > 0) all.add(left + " processes are left");
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
                rowsAcknowledged,
                failedDatabase,
                undo,
                databaseBytes,
                postgresVersion,
                services,
                left,
                List.copyOf(all));
    }
}
