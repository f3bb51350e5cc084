package dev.ripcord.command.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the outage grows with the size: the straight line with the least squared distances.
 *
 * @param atNothing of a database of no size, in milliseconds
 * @param perGigabyte in milliseconds
 * @param error standard error of {@code perGigabyte}
 */
public record Fit(double atNothing, double perGigabyte, double error) {

    private static final double GIGABYTE = 1e9;

    /** Over repeats of at least two sizes; else empty. */
    public static Optional<Fit> of(List<PeerRepeat> all) {
        if (all.stream().mapToLong(PeerRepeat::bytes).distinct().count() < 2 || all.size() < 3) return Optional.empty();
        double meanSize = all.stream().mapToDouble(Fit::size).average().orElseThrow();
        double meanOutage = all.stream()
                .mapToDouble(PeerRepeat::outageMillisMedian)
                .average()
                .orElseThrow();
        double squares = 0;
        double products = 0;
        for (PeerRepeat each : all) {
            squares += (size(each) - meanSize) * (size(each) - meanSize);
            products += (size(each) - meanSize) * (each.outageMillisMedian() - meanOutage);
        }
        double slope = products / squares;
        double start = meanOutage - slope * meanSize;
        double left = all.stream()
                .mapToDouble(each -> each.outageMillisMedian() - start - slope * size(each))
                .map(distance -> distance * distance)
                .sum();
        return Optional.of(new Fit(start, slope, Math.sqrt(left / (all.size() - 2) / squares)));
    }

    /** At a size, in milliseconds. */
    public double at(double bytes) {
        return atNothing + perGigabyte * bytes / GIGABYTE;
    }

    /** For people. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f ms + %.0f ± %.0f ms per GB", atNothing, perGigabyte, error);
    }

    private static double size(PeerRepeat repeat) {
        return repeat.bytes() / GIGABYTE;
    }
}
