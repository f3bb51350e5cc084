package dev.ripcord.command.bench;

import dev.ripcord.command.CommandFailedException;
import dev.ripcord.command.bench.report.PeerRepeat;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Books;
import dev.ripcord.command.sample.Ledger;
import dev.ripcord.command.sample.Sessions;
import dev.ripcord.command.sample.Writers;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * A snapshot, a bad migration, and the way back by one method, while clients write all the time.
 *
 * @param version of the server
 * @param bytes of the database
 * @param quiet how long the clients are watched before the snapshot
 */
record PeerRound(Peer peer, String version, long bytes, int clients, Duration quiet) {

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** What is faster than this is watched for so long, too: else there is nothing to count. */
    private static final Duration AT_LEAST = Duration.ofSeconds(1);

    PeerRepeat measure(int repeat) throws SQLException, IOException {
        String round = clients + "-" + repeat;
        peer.reset();
        Ledger ledger;
        Peer.Snapshot snapshot;
        Instant calm;
        Instant asked;
        Instant taken;
        Instant decided;
        Instant back;
        long diskBytes;
        try (Writers writers = Writers.start(peer.shop(), Sessions.own(peer.shop()), clients)) {
            ledger = writers.ledger();
            allWrite(ledger);
            calm = Instant.now();
            pauseUntil(calm.plus(quiet));
            asked = Instant.now();
            snapshot = peer.snapshot(round);
            pauseUntil(asked.plus(AT_LEAST));
            taken = Instant.now();
            peer.settle(round);
            diskBytes = peer.diskBytes(round);
            peer.shop().migrateBadly();
            peer.migrated(round);
            allWrite(ledger);
            decided = Instant.now();
            peer.restore(round);
            back = Instant.now();
            allWrite(ledger);
        }
        long lost = lost(ledger);
        peer.tidy();
        Series outage = Series.of(ledger.longestGaps(decided, back), gap -> gap.toNanos() / 1e6);
        return new PeerRepeat(
                peer.name(),
                version,
                bytes,
                clients,
                repeat,
                snapshot.millis(),
                snapshot.waitMillis(),
                Duration.between(decided, back).toNanos() / 1e6,
                outage.median(),
                outage.worst(),
                Load.rate(ledger, asked, taken) / Load.rate(ledger, calm, asked),
                Load.p99(ledger, asked, taken),
                diskBytes,
                lost);
    }

    private long lost(Ledger ledger) throws SQLException {
        Set<Ledger.Key> there = new HashSet<>(Books.keys(peer.shop()));
        if (peer.kept().isPresent())
            there.addAll(Books.keptKeys(peer.shop(), peer.kept().get()));
        return ledger.entries().stream()
                .filter(entry -> entry.acknowledged() && !there.contains(entry.key()))
                .count();
    }

    private void allWrite(Ledger ledger) {
        Instant now = Instant.now();
        boolean all = Waiting.until(() -> ledger.clients() == clients && ledger.everyClientSucceededSince(now), LIMIT);
        if (!all) throw new CommandFailedException(peer.name() + ": not every client got through any more");
    }

    private static void pauseUntil(Instant moment) {
        Waiting.until(() -> !Instant.now().isBefore(moment), LIMIT);
    }
}
