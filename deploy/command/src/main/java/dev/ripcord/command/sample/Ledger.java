package dev.ripcord.command.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the writers' transactions came to: each order has its client and number, and an answer with its time. */
public final class Ledger {

    /** One transaction. */
    public record Entry(int client, long number, boolean acknowledged, Instant at) {

        /** Its order's key. */
        public Key key() {
            return new Key(client, number);
        }
    }

    /** What an order is recognised by. */
    public record Key(int client, long number) {}

    private final Map<Integer, List<Entry>> byClient = new ConcurrentHashMap<>();

    /** How many lines the order with this number has. */
    public static int lines(long number) {
        return 1 + (int) (number % 3);
    }

    void acknowledged(int client, long number) {
        add(new Entry(client, number, true, Instant.now()));
    }

    /** The commit was sent, and nobody answered. */
    void inDoubt(int client, long number) {
        add(new Entry(client, number, false, Instant.now()));
    }

    private void add(Entry entry) {
        List<Entry> entries = byClient.computeIfAbsent(entry.client(), client -> new ArrayList<>());
        synchronized (entries) {
            entries.add(entry);
        }
    }

    /** Every transaction so far whose commit was sent. */
    public List<Entry> entries() {
        return byClient.keySet().stream().flatMap(client -> of(client).stream()).toList();
    }

    /** How many were acknowledged. */
    public long acknowledged() {
        return entries().stream().filter(Entry::acknowledged).count();
    }

    /** How many clients have had any answer. */
    public int clients() {
        return byClient.size();
    }

    /** Whether each client has had an answer since then. */
    public boolean everyClientSucceededSince(Instant moment) {
        return byClient.keySet().stream()
                .allMatch(client -> last(client).map(at -> at.isAfter(moment)).orElse(false));
    }

    /** The longest time that any client was without a success, of the gaps that touch this span. */
    public Duration longestGap(Instant from, Instant to) {
        return longestGaps(from, to).stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** For each client the longest time without a success, of the gaps that touch this span. */
    public List<Duration> longestGaps(Instant from, Instant to) {
        return byClient.keySet().stream()
                .map(client -> longestGap(client, from, to))
                .toList();
    }

    private Duration longestGap(int client, Instant from, Instant to) {
        Duration longest = Duration.ZERO;
        Instant before = null;
        for (Entry entry : of(client)) {
            if (!entry.acknowledged()) continue;
            if (before != null && entry.at().isAfter(from) && before.isBefore(to)) {
                Duration gap = Duration.between(before, entry.at());
                if (gap.compareTo(longest) > 0) longest = gap;
            }
            before = entry.at();
        }
        return longest;
    }

    private Optional<Instant> last(int client) {
        return of(client).reversed().stream()
                .filter(Entry::acknowledged)
                .findFirst()
                .map(Entry::at);
    }

    private List<Entry> of(int client) {
        List<Entry> entries = byClient.getOrDefault(client, List.of());
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }
}
