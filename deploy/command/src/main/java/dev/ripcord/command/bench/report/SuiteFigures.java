package dev.ripcord.command.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the services themselves came to, with one PostgreSQL version.
 *
 * @param manifestMillis a manifest of a database of so many bytes, median
 * @param dumpMillis {@code pg_dump} of the same to nowhere, median; not a number where it is not installed
 */
public record SuiteFigures(
        String postgresVersion, List<ServiceFigures> services, long bytes, double manifestMillis, double dumpMillis) {

    public SuiteFigures {
        services = List.copyOf(services);
    }

    /**
     * One service.
     *
     * @param startMillis from the start of its process until it was ready
     * @param residentBytes at the end
     * @param latencyP50 from publishing an event to receiving the service's answer to it, both through Kafka, one at a time, in
     *     milliseconds
     * @param latencyP99 what one in a hundred of them exceeds
     * @param eventsPerSecond answered of a burst
     */
    public record ServiceFigures(
            String name,
            long startMillis,
            long residentBytes,
            double latencyP50,
            double latencyP99,
            double eventsPerSecond) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%-20s%10d%8d%10.1f%10.1f%10.0f",
                    name,
                    startMillis,
                    residentBytes / 1_000_000,
                    latencyP50,
                    latencyP99,
                    eventsPerSecond);
        }
    }

    /** For people. */
    public List<String> lines() {
        String header = String.format(
                Locale.ROOT,
                "%-20s%10s%8s%10s%10s%10s",
                "PostgreSQL " + postgresVersion,
                "start ms",
                "MB",
                "event p50",
                "event p99",
                "events/s");
        return Stream.of(Stream.of("", header), services.stream().map(ServiceFigures::line), Stream.of(manifestLine()))
                .flatMap(lines -> lines)
                .toList();
    }

    /** The manifest beside the dump, for people. */
    public String manifestLine() {
        return String.format(
                Locale.ROOT,
                "manifest of %.0f MB in %.0f ms, pg_dump of it to nowhere %s",
                bytes / 1e6,
                manifestMillis,
                Double.isNaN(dumpMillis) ? "not installed" : String.format(Locale.ROOT, "in %.0f ms", dumpMillis));
    }
}
