package dev.ripcord.command.bench.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.ripcord.command.bench.Series;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one method came to, with one PostgreSQL version, one size and one number of clients: medians of the repeats, and the
 * longest outage of all. The figures are {@link PeerRepeat}'s.
 *
 * @param each the repeats themselves
 */
public record PeerFigures(
        String method,
        String postgresVersion,
        long bytes,
        int clients,
        int repeats,
        @Nullable Double snapshotMillis,
        @Nullable Double gateMillis,
        @Nullable Double restoreMillis,
        @Nullable Double outageMillisMedian,
        @Nullable Double outageMillisMax,
        @Nullable Double throughputRatio,
        @Nullable Double p99Millis,
        @Nullable Long diskBytes,
        @Nullable Long rowsLost,
        @JsonIgnore List<PeerRepeat> each) {

    public PeerFigures {
        each = List.copyOf(each);
    }

    /** Of repeats of the same, at least one. */
    public static PeerFigures of(List<PeerRepeat> each) {
        PeerRepeat first = each.getFirst();
        return new PeerFigures(
                first.method(),
                first.postgresVersion(),
                first.bytes(),
                first.clients(),
                each.size(),
                median(each, PeerRepeat::snapshotMillis),
                median(each, PeerRepeat::gateMillis),
                median(each, PeerRepeat::restoreMillis),
                median(each, PeerRepeat::outageMillisMedian),
                Series.of(each, PeerRepeat::outageMillisMax).worst(),
                median(each, PeerRepeat::throughputRatio),
                median(each, PeerRepeat::p99Millis),
                Math.round(Series.of(each, PeerRepeat::diskBytes).median()),
                Math.round(Series.of(each, PeerRepeat::rowsLost).median()),
                each);
    }

    /** The repeats' values of one figure. */
    public Series series(ToDoubleFunction<PeerRepeat> figure) {
        return Series.of(each, figure);
    }

    private static @Nullable Double median(List<PeerRepeat> each, ToDoubleFunction<PeerRepeat> figure) {
        double median = Series.of(each, figure).median();
        return Double.isFinite(median) ? median : null;
    }
}
