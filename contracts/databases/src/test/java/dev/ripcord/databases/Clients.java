package dev.ripcord.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An application's clients: each writes, and connects again as soon as its session ends. */
final class Clients implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger written = new AtomicInteger();
    private volatile String lastFailure = "none";
    private volatile boolean on = true;

    Clients(ProtectedServer server, String database, int number) {
        for (int i = 0; i < number; i++) threads.add(Thread.ofVirtual().start(() -> work(server, database)));
    }

    /** How many rows were acknowledged so far. */
    int written() {
        return written.get();
    }

    String lastFailure() {
        return lastFailure;
    }

    private void work(ProtectedServer server, String database) {
        while (on) {
            try (Connection connection = server.connect(database);
                    Statement statement = connection.createStatement()) {
                while (on) {
                    statement.executeUpdate("insert into public.orders (price) values (1)");
                    written.incrementAndGet();
                }
            } catch (SQLException e) {
                lastFailure = String.valueOf(e.getMessage());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        on = false;
        for (Thread thread : threads) thread.join();
    }
}
