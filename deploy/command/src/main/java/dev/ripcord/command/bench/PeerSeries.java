package dev.ripcord.command.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The repeats of one method. */
final class PeerSeries {

    static final String HEADER = String.format(
            Locale.ROOT,
            "%-18s%10s%10s%10s%10s%10s%10s%8s%10s%10s",
            "",
            "snapshot",
            "gate",
            "restore",
            "outage",
            "worst",
            "tx/s",
            "p99",
            "on disk",
            "lost");

    final Peer peer;
    final Series snapshot = new Series();
    final Series gate = new Series();
    final Series restore = new Series();
    final Series outage = new Series();
    final Series throughput = new Series();
    final Series p99 = new Series();
    final Series lost = new Series();
    final Series bytes = new Series();

    PeerSeries(Peer peer) {
        this.peer = peer;
    }

    PeerFigures figures(String version, long databaseBytes) {
        return new PeerFigures(
                peer.name(),
                version,
                databaseBytes,
                snapshot.values().size(),
                known(snapshot.median()),
                known(gate.median()),
                known(restore.median()),
                known(outage.median()),
                known(outage.worst()),
                known(throughput.median()),
                known(p99.median()),
                lost.values().isEmpty() ? null : Math.round(lost.median()));
    }

    /** For people. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-18s%10.0f%10.0f%10.0f%10.0f%10.0f%10.2f%8.1f%8.0fMB%10.0f",
                peer.name(),
                snapshot.median(),
                gate.median(),
                restore.median(),
                outage.median(),
                outage.worst(),
                throughput.median(),
                p99.median(),
                bytes.median() / (1 << 20),
                lost.median());
    }

    private static @Nullable Double known(double figure) {
        return Double.isNaN(figure) ? null : figure;
    }
}
