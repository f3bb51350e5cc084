package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What clients got done in a span of time, by their own ledger. */
final class Load {

    /** What a client waits between two transactions. */
    private static final double PAUSE_MILLIS = 10;

    private Load() {}

    /** Acknowledged transactions a second. */
    static double rate(Ledger ledger, Instant from, Instant to) {
        long count = ledger.entries().stream()
                .filter(entry -> entry.acknowledged()
                        && !entry.at().isBefore(from)
                        && entry.at().isBefore(to))
                .count();
        return count * 1e9 / Math.max(1, Duration.between(from, to).toNanos());
    }

    /** Of a hundred transactions that ended then, the slowest but one, in milliseconds. */
    static double p99(Ledger ledger, Instant from, Instant to) {
        Map<Integer, Instant> before = new HashMap<>();
        List<Double> millis = new ArrayList<>();
        for (Ledger.Entry entry : ledger.entries()) {
            if (!entry.acknowledged()) continue;
            Instant last = before.put(entry.client(), entry.at());
            if (last == null || entry.at().isBefore(from) || last.isAfter(to)) continue;
            millis.add(Math.max(0, Duration.between(last, entry.at()).toNanos() / 1e6 - PAUSE_MILLIS));
        }
        millis.sort(null);
        return millis.isEmpty() ? Double.NaN : millis.get((int) Math.ceil(millis.size() * 0.99) - 1);
    }
}
