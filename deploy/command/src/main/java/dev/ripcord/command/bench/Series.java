package dev.ripcord.command.bench;

import java.util.ArrayList;
import java.util.List;

/** One figure of each round, in milliseconds. */
final class Series {

    private final List<Double> values = new ArrayList<>();

    void add(double millis) {
        values.add(millis);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) return Double.NaN;
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** What so large a part of the values does not exceed, 0.99 for example. */
    double part(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    double worst() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    List<Double> values() {
        return List.copyOf(values);
    }
}
