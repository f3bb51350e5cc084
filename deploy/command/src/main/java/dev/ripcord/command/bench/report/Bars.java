package dev.ripcord.command.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The median outage of each method as a bar, with the span of the repeats, for one size and one number of clients; a place for
 * each is worked out, the page's template draws them.
 *
 * @param versions of PostgreSQL, in the order of their colours
 */
public record Bars(String title, List<Axis.Tick> ticks, List<Row> rows, List<String> versions, double height) {

    /** Of the whole, in pixels. */
    public static final int WIDTH = 1120;

    private static final double LEFT = 170;
    private static final double RIGHT = WIDTH - 90.0;
    private static final double TOP = 10;
    private static final double BAR = 18;
    private static final double GAP = 14;

    /** A method. */
    public record Row(String method, double middle, List<Bar> bars) {}

    /**
     * A method with a version.
     *
     * @param colour place of its version
     */
    public record Bar(int colour, double y, double from, double to, double best, double worst, String text) {}

    static Bars of(String title, List<PeerFigures> all) {
        List<String> versions =
                all.stream().map(PeerFigures::postgresVersion).distinct().toList();
        Axis axis = Axis.around(
                all.stream()
                        .flatMap(each -> each.each().stream())
                        .flatMap(each -> Stream.of(each.outageMillisMedian(), each.outageMillisMax()))
                        .mapToDouble(Double::doubleValue),
                LEFT,
                RIGHT);
        List<Row> rows = new ArrayList<>();
        double y = TOP;
        for (String method : all.stream().map(PeerFigures::method).distinct().toList()) {
            List<PeerFigures> own =
                    all.stream().filter(each -> each.method().equals(method)).toList();
            List<Bar> bars = new ArrayList<>();
            double first = y;
            for (PeerFigures each : own) {
                bars.add(bar(each, versions.indexOf(each.postgresVersion()), axis, y));
                y += BAR + 2;
            }
            rows.add(new Row(method, (first + y) / 2, bars));
            y += GAP;
        }
        return new Bars(title, axis.times(), rows, versions, y);
    }

    private static Bar bar(PeerFigures figures, int colour, Axis axis, double y) {
        double median = figures.series(PeerRepeat::outageMillisMedian).median();
        return new Bar(
                colour,
                y,
                LEFT,
                axis.at(median) - LEFT,
                axis.at(figures.series(PeerRepeat::outageMillisMedian).best()),
                axis.at(figures.series(PeerRepeat::outageMillisMax).worst()),
                Axis.time(median));
    }

    /** The height with the texts below, in pixels. */
    public double whole() {
        return height + 30;
    }
}
