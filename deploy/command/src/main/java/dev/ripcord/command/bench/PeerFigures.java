package dev.ripcord.command.bench;

import org.jspecify.annotations.Nullable;

/**
 * What one method came to, with one PostgreSQL version and one size: medians of the repeats.
 *
 * @param bytes of the database
 * @param snapshotMillis taking the snapshot
 * @param gateMillis what the migration waited for it
 * @param restoreMillis from deciding to go back to the end of it
 * @param outageMillisMedian of all clients the longest time without a success
 * @param outageMillisMax the longest of any client in any repeat
 * @param throughputRatio transactions a second while the snapshot was taken, to those before
 * @param p99Millis of the transactions while it was taken
 * @param rowsLost acknowledged orders that are in no database any more
 */
record PeerFigures(
        String method,
        String postgresVersion,
        long bytes,
        int repeats,
        @Nullable Double snapshotMillis,
        @Nullable Double gateMillis,
        @Nullable Double restoreMillis,
        @Nullable Double outageMillisMedian,
        @Nullable Double outageMillisMax,
        @Nullable Double throughputRatio,
        @Nullable Double p99Millis,
        @Nullable Long rowsLost) {}
