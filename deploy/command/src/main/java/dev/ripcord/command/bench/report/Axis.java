package dev.ripcord.command.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A logarithmic axis, from one power of ten to another.
 *
 * @param from exponent at its beginning
 * @param to exponent at its end
 * @param start of it in pixels
 * @param end of it in pixels
 */
record Axis(int from, int to, double start, double end) {

    /** Around all values that can be shown. */
    static Axis around(DoubleStream values, double start, double end) {
        double[] shown = values.filter(value -> Double.isFinite(value) && value > 0)
                .map(Math::log10)
                .toArray();
        if (shown.length == 0) return new Axis(0, 1, start, end);
        int from = (int) Math.floor(DoubleStream.of(shown).min().orElseThrow());
        int to = (int) Math.ceil(DoubleStream.of(shown).max().orElseThrow());
        return new Axis(from, Math.max(to, from + 1), start, end);
    }

    /** Where a value is, in pixels; smaller ones than the axis has are at its beginning. */
    double at(double value) {
        double part = value <= 0 ? 0 : (Math.log10(value) - from) / (to - from);
        return start + Math.clamp(part, 0, 1) * (end - start);
    }

    /** Powers of ten, as times. */
    List<Tick> times() {
        return IntStream.rangeClosed(from, to)
                .mapToObj(power -> new Tick(at(Math.pow(10, power)), time(Math.pow(10, power))))
                .toList();
    }

    /** Milliseconds as people read them. */
    static String time(double millis) {
        if (millis >= 9_950) return String.format(Locale.ROOT, "%.0f s", millis / 1000);
        if (millis >= 995) return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        return String.format(
                Locale.ROOT, millis >= 9.95 || millis == Math.rint(millis) ? "%.0f ms" : "%.1f ms", millis);
    }

    /** Bytes as people read them. */
    static String size(double bytes) {
        return bytes >= 0.9995e9
                ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9)
                : String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }

    /** A mark with its text. */
    public record Tick(double at, String text) {}
}
