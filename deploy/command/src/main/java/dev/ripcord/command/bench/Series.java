package dev.ripcord.command.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** One figure of each round, in milliseconds where nothing else is said. */
public final class Series {

    private final List<Double> values = new ArrayList<>();

    /** One figure of several things. */
    public static <T> Series of(List<T> all, ToDoubleFunction<T> figure) {
        Series series = new Series();
        all.forEach(each -> series.add(figure.applyAsDouble(each)));
        return series;
    }

    void add(double value) {
        values.add(value);
    }

    /** Not a number where there are no values. */
    public double median() {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) return Double.NaN;
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** What so large a part of the values does not exceed, 0.99 for example. */
    public double part(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** The largest. */
    public double worst() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** The smallest. */
    public double best() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
    }

    /** The largest less the smallest, as a part of the median. */
    public double spread() {
        return (worst() - best()) / median();
    }

    public List<Double> values() {
        return List.copyOf(values);
    }
}
