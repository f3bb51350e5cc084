package dev.ripcord.command.sample;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Clients that place orders all the time, try again 5 ms after a failure, and write down what was acknowledged. */
public final class Writers implements AutoCloseable {

    private static final long PAUSE_NANOS = 10_000_000;
    private static final long RETRY_NANOS = 5_000_000;

    private final Ledger ledger = new Ledger();
    private final Sessions sessions;
    private final List<Thread> threads = new ArrayList<>();
    private final long customers;
    private final long products;
    private volatile boolean running = true;

    private Writers(Sessions sessions, long customers, long products) {
        this.sessions = sessions;
        this.customers = customers;
        this.products = products;
    }

    /** Starts so many clients on a shop, with numbers that none before them had there. */
    public static Writers start(Shop shop, Sessions sessions, int clients) throws SQLException {
        Writers writers;
        int last;
        try (Connection session = shop.asApplication()) {
            writers = new Writers(
                    sessions, count(session, "count(*) from customers"), count(session, "count(*) from products"));
            last = (int) count(session, "coalesce(max(client), 0) from orders");
        }
        for (int i = 1; i <= clients; i++) {
            int client = last + i;
            writers.threads.add(Thread.ofVirtual().name("writer " + client).start(() -> writers.write(client)));
        }
        return writers;
    }

    public Ledger ledger() {
        return ledger;
    }

    /** Lets each finish what it is at, and stops. */
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
        sessions.close();
    }

    private void write(int client) {
        long number = 0;
        while (running) {
            number++;
            boolean placed = place(client, number);
            LockSupport.parkNanos(placed ? PAUSE_NANOS : RETRY_NANOS);
        }
    }

    private boolean place(int client, long number) {
        Connection session = null;
        boolean committing = false;
        try {
            session = sessions.borrow(client);
            session.setAutoCommit(false);
            insert(session, client, number);
            committing = true;
            session.commit();
            ledger.acknowledged(client, number);
            giveBack(client, session, false);
            return true;
        } catch (SQLException e) {
            if (committing) ledger.inDoubt(client, number);
            giveBack(client, session, true);
            return false;
        }
    }

    private void giveBack(int client, @Nullable Connection session, boolean broken) {
        try {
            if (session == null) return;
            if (broken && !session.isClosed()) session.rollback();
            sessions.giveBack(client, session, broken);
        } catch (SQLException e) {
            try {
                sessions.giveBack(client, session, true);
            } catch (SQLException again) {
                // the server has closed it: nothing is left to give back
            }
        }
    }

    private void insert(Connection session, int client, long number) throws SQLException {
        long product = 1 + (number * 10 + client) % products;
        try (PreparedStatement order = session.prepareStatement("""
                        with placed as (
                            insert into orders (customer_id, status, client, number) values (?, 'new', ?, ?) returning id),
                        lines as (
                            insert into order_lines select placed.id, line, 1 + (? + line) % ?, 1, 9.90 from placed, generate_series(1, ?) line)
                        insert into payments (order_id, amount) select id, 9.90 from placed""");
                PreparedStatement stock = session.prepareStatement(
                        "update stock set quantity = quantity - 1 where product_id = ? and warehouse = 'north'")) {
            order.setLong(1, 1 + number % customers);
            order.setInt(2, client);
            order.setLong(3, number);
            order.setLong(4, product);
            order.setLong(5, products);
            order.setInt(6, Ledger.lines(number));
            order.executeUpdate();
            stock.setLong(1, product);
            stock.executeUpdate();
        }
    }

    private static long count(Connection session, String what) throws SQLException {
        try (var statement = session.createStatement();
                var row = statement.executeQuery("select " + what)) {
            row.next();
            return row.getLong(1);
        }
    }
}
