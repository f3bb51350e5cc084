package dev.ripcord.command.bench;

import dev.ripcord.command.bench.report.PeerFigures;
import dev.ripcord.command.bench.report.PeerRepeat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the methods came to with one version, one size and one number of clients, for the terminal. */
record PeerTable(List<PeerFigures> all) {

    private static final String REFERENCE = "ripcord clone";
    private static final String NAME = "%-22s";
    private static final String TIME = "%15s";

    /** Medians with their spread, then the ratios. */
    List<String> lines() {
        return Stream.of(medians(), ratios()).flatMap(List::stream).toList();
    }

    private List<String> medians() {
        String header = String.format(
                Locale.ROOT,
                NAME + TIME.repeat(4) + "%9s%7s%8s%9s%7s",
                "ms (spread)",
                "snapshot",
                "gate",
                "restore",
                "outage",
                "longest",
                "tx/s",
                "p99",
                "on disk",
                "lost");
        return Stream.concat(Stream.of("", header), all.stream().map(PeerTable::medians))
                .toList();
    }

    private static String medians(PeerFigures figures) {
        return String.format(
                Locale.ROOT,
                NAME + TIME.repeat(4) + "%9.0f%7.2f%8.1f%7.0fMB%7.0f",
                figures.method(),
                time(figures, PeerRepeat::snapshotMillis),
                time(figures, PeerRepeat::gateMillis),
                time(figures, PeerRepeat::restoreMillis),
                time(figures, PeerRepeat::outageMillisMedian),
                figures.series(PeerRepeat::outageMillisMax).worst(),
                figures.series(PeerRepeat::throughputRatio).median(),
                figures.series(PeerRepeat::p99Millis).median(),
                figures.series(PeerRepeat::diskBytes).median() / 1e6,
                figures.series(PeerRepeat::rowsLost).median());
    }

    private static String time(PeerFigures figures, ToDoubleFunction<PeerRepeat> figure) {
        Series series = figures.series(figure);
        return String.format(Locale.ROOT, "%.0f (%3.0f %%)", series.median(), 100 * series.spread());
    }

    /** How many times what the reference needed. */
    private List<String> ratios() {
        Optional<PeerFigures> reference =
                all.stream().filter(each -> each.method().equals(REFERENCE)).findFirst();
        if (reference.isEmpty()) return List.of();
        String header = String.format(
                Locale.ROOT,
                NAME + TIME.repeat(4) + "%9s",
                "times " + REFERENCE,
                "snapshot",
                "gate",
                "restore",
                "outage",
                "longest");
        return Stream.concat(
                        Stream.of("", header),
                        all.stream()
                                .filter(each -> !each.equals(reference.get()))
                                .map(each -> ratios(each, reference.get())))
                .toList();
    }

    private static String ratios(PeerFigures figures, PeerFigures reference) {
        return String.format(
                Locale.ROOT,
                NAME + "%15.2f".repeat(4) + "%9.2f",
                figures.method(),
                ratio(figures, reference, PeerRepeat::snapshotMillis),
                ratio(figures, reference, PeerRepeat::gateMillis),
                ratio(figures, reference, PeerRepeat::restoreMillis),
                ratio(figures, reference, PeerRepeat::outageMillisMedian),
                figures.series(PeerRepeat::outageMillisMax).worst()
                        / reference.series(PeerRepeat::outageMillisMax).worst());
    }

    private static double ratio(PeerFigures figures, PeerFigures reference, ToDoubleFunction<PeerRepeat> figure) {
        return figures.series(figure).median() / reference.series(figure).median();
    }
}
