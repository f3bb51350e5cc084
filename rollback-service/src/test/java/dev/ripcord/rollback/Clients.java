package dev.ripcord.rollback;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Clients that write one row after another, and connect again after 5 ms where they are cut off. */
final class Clients {

    private static final long RETRY_NANOS = 5_000_000;

    private final String database;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong lastSuccess = new AtomicLong(System.nanoTime());
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean stop;

    Clients(String database) {
        this.database = database;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) threads.add(Thread.ofVirtual().start(this::writeUntilStopped));
    }

    void stop() throws InterruptedException {
        stop = true;
        for (Thread thread : threads) thread.join();
    }

    long writes() {
        return writes.get();
    }

    /** The longest time between two successes of any of them. */
    long longestGapMillis() {
        return longest.get() / 1_000_000;
    }

    private void writeUntilStopped() {
        while (!stop) {
            try (Connection connection = Shops.connect(database);
                    Statement statement = connection.createStatement()) {
                while (!stop) {
                    statement.execute("insert into orders (price) values (-1)");
                    writes.incrementAndGet();
                    long now = System.nanoTime();
                    longest.accumulateAndGet(now - lastSuccess.getAndSet(now), Math::max);
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            } catch (SQLException e) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }
}
