package dev.ripcord.command.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A figure of each method against the size of the database, every repeat a point, the medians joined; with the straight line
 * through them where one is wanted.
 */
public record Curves(String title, List<Axis.Tick> times, List<Axis.Tick> sizes, List<Curve> curves) {

    /** Of the whole, in pixels. */
    public static final int WIDTH = 1120;

    /** Of the whole, in pixels. */
    public static final int HEIGHT = 420;

    private static final double LEFT = 70;
    private static final double RIGHT = WIDTH - 330.0;
    private static final double TOP = 15;
    private static final double BOTTOM = HEIGHT - 40.0;
    private static final int STEPS = 40;

    /** A method; {@code median} and {@code fit} are points of a line, {@code said} is what the fit says. */
    public record Curve(
            int colour, String method, List<Point> points, String median, String fit, String said, double legend) {}

    /** A repeat. */
    public record Point(double x, double y) {}

    static Curves of(String title, List<PeerFigures> all, ToDoubleFunction<PeerRepeat> figure, boolean fitted) {
        List<PeerRepeat> repeats =
                all.stream().flatMap(each -> each.each().stream()).toList();
        Axis x = Axis.around(repeats.stream().mapToDouble(PeerRepeat::bytes), LEFT, RIGHT);
        Axis y = Axis.around(repeats.stream().mapToDouble(figure), BOTTOM, TOP);
        List<String> methods = all.stream().map(PeerFigures::method).distinct().toList();
        List<Curve> curves = new ArrayList<>();
        for (String method : methods) {
            List<PeerFigures> own =
                    all.stream().filter(each -> each.method().equals(method)).toList();
            List<PeerRepeat> each =
                    own.stream().flatMap(one -> one.each().stream()).toList();
            Optional<Fit> fit = fitted ? Fit.of(each) : Optional.empty();
            int colour = methods.indexOf(method);
            curves.add(new Curve(
                    colour,
                    method,
                    each.stream()
                            .map(one -> new Point(x.at(one.bytes()), y.at(figure.applyAsDouble(one))))
                            .toList(),
                    fit.isPresent()
                            ? ""
                            : own.stream()
                                    .map(one -> pair(
                                            x.at(one.bytes()),
                                            y.at(one.series(figure).median())))
                                    .collect(Collectors.joining(" ")),
                    fit.map(line -> line(line, repeats, x, y)).orElse(""),
                    fit.map(Fit::toString).orElse(""),
                    TOP + 5 + colour * (fitted ? 44.0 : 24.0)));
        }
        return new Curves(title, y.times(), sizes(all, x), curves);
    }

    private static List<Axis.Tick> sizes(List<PeerFigures> all, Axis x) {
        return all.stream()
                .map(PeerFigures::bytes)
                .distinct()
                .map(bytes -> new Axis.Tick(x.at(bytes), Axis.size(bytes)))
                .toList();
    }

    /** Straight in numbers, bent on logarithmic axes. */
    private static String line(Fit fit, List<PeerRepeat> all, Axis x, Axis y) {
        double least = all.stream().mapToDouble(PeerRepeat::bytes).min().orElseThrow();
        double most = all.stream().mapToDouble(PeerRepeat::bytes).max().orElseThrow();
        return IntStream.rangeClosed(0, STEPS)
                .mapToDouble(step -> least * Math.pow(most / least, (double) step / STEPS))
                .mapToObj(bytes -> pair(x.at(bytes), y.at(fit.at(bytes))))
                .collect(Collectors.joining(" "));
    }

    private static String pair(double x, double y) {
        return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
    }
}
