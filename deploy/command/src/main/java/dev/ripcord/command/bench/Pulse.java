package dev.ripcord.command.bench;

import dev.ripcord.command.follow.Waiting;
import dev.ripcord.command.sample.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Clients that write to the measured table and read another one, in one transaction after the other, and when each succeeded. */
final class Pulse implements AutoCloseable {

    private static final long PAUSE_NANOS = 5_000_000;
    private static final String BEAT =
            "insert into public.measurements (note, amount) values ('since', 1); update public.products set tags = tags where id = ";

    /** From one success to the next, in nanoseconds of the clock. */
    private record Gap(int client, long from, long to) {}

    private final Shop shop;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Gap> gaps = new ConcurrentLinkedQueue<>();
    private volatile boolean running = true;

    private Pulse(Shop shop) {
        this.shop = shop;
    }

    static Pulse start(Shop shop, int clients) {
        Pulse pulse = new Pulse(shop);
        for (int client = 1; client <= clients; client++) {
            int own = client;
            pulse.threads.add(Thread.ofVirtual().start(() -> pulse.beat(own)));
        }
        return pulse;
    }

    private void beat(int client) {
        long before = System.nanoTime();
        while (running) {
            try (Connection session = shop.asOwner();
                    Statement statement = session.createStatement()) {
                session.setAutoCommit(false);
                while (running) {
                    statement.execute(BEAT + client);
                    session.commit();
                    long now = System.nanoTime();
                    gaps.add(new Gap(client, before, now));
                    before = now;
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (SQLException e) { // cut off: once more, with a new session
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Waits until each client has had a success that it asked for only now. */
    void awaitBeat(int clients, Duration limit) {
        long from = System.nanoTime();
        Waiting.until(
                () -> gaps.stream()
                                .filter(gap -> gap.from() > from)
                                .map(Gap::client)
                                .distinct()
                                .count()
                        == clients,
                limit);
    }

    /** The longest that any client was without a success, of the gaps that touch what happened since; in milliseconds. */
    double longestGapSince(long from) {
        return gaps.stream()
                        .filter(gap -> gap.to() > from)
                        .mapToLong(gap -> gap.to() - gap.from())
                        .max()
                        .orElse(0)
                / 1e6;
    }

    @Override
    public void close() {
        running = false;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
