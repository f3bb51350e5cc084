package dev.ripcord.command.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A row of a table on the page. */
public record Row(boolean ours, List<String> cells) {

    static Row of(PeerFigures figures) {
        return new Row(
                figures.method().startsWith("ripcord"),
                List.of(
                        figures.method(),
                        figures.postgresVersion(),
                        Axis.size(figures.bytes()),
                        Integer.toString(figures.clients()),
                        spread(figures, PeerRepeat::snapshotMillis),
                        spread(figures, PeerRepeat::gateMillis),
                        spread(figures, PeerRepeat::restoreMillis),
                        spread(figures, PeerRepeat::outageMillisMedian),
                        number(
                                "%.0f",
                                figures.series(PeerRepeat::outageMillisMax).worst()),
                        number(
                                "%.2f",
                                figures.series(PeerRepeat::throughputRatio).median()),
                        number("%.1f", figures.series(PeerRepeat::p99Millis).median()),
                        Axis.size(figures.series(PeerRepeat::diskBytes).median()),
                        number("%.0f", figures.series(PeerRepeat::rowsLost).median())));
    }

    static Row of(SuiteFigures suite, SuiteFigures.ServiceFigures service) {
        return new Row(
                false,
                List.of(
                        service.name(),
                        suite.postgresVersion(),
                        Axis.time(service.startMillis()),
                        Axis.size(service.residentBytes()),
                        Axis.time(service.latencyP50()),
                        Axis.time(service.latencyP99()),
                        String.format(Locale.ROOT, "%.0f", service.eventsPerSecond())));
    }

    private static String spread(PeerFigures figures, ToDoubleFunction<PeerRepeat> figure) {
        return String.format(
                Locale.ROOT,
                "%.0f (%.0f %%)",
                figures.series(figure).median(),
                100 * figures.series(figure).spread());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
