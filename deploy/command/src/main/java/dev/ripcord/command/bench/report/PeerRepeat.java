package dev.ripcord.command.bench.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * One repeat of one method, as measured. Times are in milliseconds.
 *
 * @param bytes of the database
 * @param snapshotMillis taking the snapshot
 * @param gateMillis what the migration waited for it
 * @param restoreMillis from deciding to go back to the end of it
 * @param outageMillisMedian of the clients' longest times without a success
 * @param outageMillisMax the longest of any client
 * @param throughputRatio transactions a second while the snapshot was taken, to those before
 * @param p99Millis of the transactions while it was taken
 * @param diskBytes what is kept for going back, while the migration runs
 * @param rowsLost acknowledged orders that are in no database any more
 */
@JsonPropertyOrder({
    "method",
    "postgresVersion",
    "bytes",
    "clients",
    "repeat",
    "snapshotMillis",
    "gateMillis",
    "restoreMillis",
    "outageMillisMedian",
    "outageMillisMax",
    "throughputRatio",
    "p99Millis",
    "diskBytes",
    "rowsLost"
})
public record PeerRepeat(
        String method,
        String postgresVersion,
        long bytes,
        int clients,
        int repeat,
        double snapshotMillis,
        double gateMillis,
        double restoreMillis,
        double outageMillisMedian,
        double outageMillisMax,
        double throughputRatio,
        double p99Millis,
        long diskBytes,
        long rowsLost) {}
