package dev.ripcord.command.sample;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the writers remember, held against the live database and the one that failed and is kept.
 *
 * @param lostByTable rows that are in the kept database alone, by table
 * @param problems one line for each thing that is not as it must be
 */
public record Books(Map<String, Long> lostByTable, List<String> problems) {

    private static final String PLACED = """
            select o.client, o.number, o.invoice,
                   (select count(*) from order_lines l where l.order_id = o.id) as lines,
                   (select count(*) from payments p where p.order_id = o.id) as payments
              from orders o where o.client is not null""";

    private record Order(long invoice, long lines, long payments) {}

    /**
     * Compares them, when nobody writes any more. The kept database stays closed: a copy of it is read.
     *
     * @param beforeSnapshot a moment before which every acknowledged order must be in the live database
     * @param afterSnapshot from here until {@code beforeSwap} every one must be in the kept database alone
     */
    public static Books compare(
            Shop shop, String kept, Ledger ledger, Instant beforeSnapshot, Instant afterSnapshot, Instant beforeSwap)
            throws SQLException {
        Map<Ledger.Key, Order> live = orders(shop, shop.database());
        Map<Ledger.Key, Order> failed = keptOrders(shop, kept);
        List<String> problems = new ArrayList<>();
        for (Ledger.Entry entry : ledger.entries()) {
            if (!entry.acknowledged()) continue;
            boolean inLive = live.containsKey(entry.key());
            boolean inFailed = failed.containsKey(entry.key());
            if (!inLive && !inFailed) problems.add("acknowledged and in neither database: " + entry);
            if (!inLive && entry.at().isBefore(beforeSnapshot))
                problems.add("older than the snapshot and lost: " + entry);
            boolean between = entry.at().isAfter(afterSnapshot) && entry.at().isBefore(beforeSwap);
            if (between && inLive) problems.add("newer than the snapshot and not taken back: " + entry);
        }
        incomplete(live, "the live database", problems);
        incomplete(failed, "the kept database", problems);
        Set<Ledger.Key> known = ledger.entries().stream().map(Ledger.Entry::key).collect(Collectors.toSet());
        Map<Ledger.Key, Order> lost = new HashMap<>(failed);
        lost.keySet().removeAll(live.keySet());
        lost.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> problems.add("in the kept database, but nobody committed it: " + key));
        issuedTwice(live, failed, lost, problems);
        return new Books(lostByTable(lost), problems.stream().limit(20).toList());
    }

    private static void incomplete(Map<Ledger.Key, Order> orders, String where, List<String> problems) {
        orders.forEach((key, order) -> {
            if (order.lines() != Ledger.lines(key.number()) || order.payments() != 1) {
                problems.add("not whole in " + where + ": " + key + " " + order);
            }
        });
    }

    private static void issuedTwice(
            Map<Ledger.Key, Order> live,
            Map<Ledger.Key, Order> failed,
            Map<Ledger.Key, Order> lost,
            List<String> problems) {
        Set<Long> invoices = new HashSet<>();
        lost.values().forEach(order -> invoices.add(order.invoice()));
        live.forEach((key, order) -> {
            if (!failed.containsKey(key) && invoices.contains(order.invoice())) {
                problems.add("invoice number given out twice: " + order.invoice());
            }
        });
    }

    private static Map<String, Long> lostByTable(Map<Ledger.Key, Order> lost) {
        Map<String, Long> tables = new TreeMap<>();
        tables.put("public.orders", (long) lost.size());
        tables.put(
                "public.order_lines",
                lost.values().stream().mapToLong(Order::lines).sum());
        tables.put(
                "public.payments",
                lost.values().stream().mapToLong(Order::payments).sum());
        tables.put("public.stock_movements", (long) lost.size());
        return tables;
    }

    /** The keys of every order in the live database. */
    public static Set<Ledger.Key> keys(Shop shop) throws SQLException {
        return orders(shop, shop.database()).keySet();
    }

    /** The same of a kept one, which stays closed. */
    public static Set<Ledger.Key> keptKeys(Shop shop, String kept) throws SQLException {
        return keptOrders(shop, kept).keySet();
    }

    private static Map<Ledger.Key, Order> keptOrders(Shop shop, String kept) throws SQLException {
        String copy = "books_of_" + shop.database();
        try (Connection admin = shop.server().connect("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("drop database if exists " + statement.enquoteIdentifier(copy, true));
            statement.execute("create database " + statement.enquoteIdentifier(copy, true) + " template "
                    + statement.enquoteIdentifier(kept, true) + " strategy file_copy");
            try {
                return orders(shop, copy);
            } finally {
                statement.execute("drop database " + statement.enquoteIdentifier(copy, true) + " with (force)");
            }
        }
    }

    private static Map<Ledger.Key, Order> orders(Shop shop, String database) throws SQLException {
        Map<Ledger.Key, Order> orders = new HashMap<>();
        try (Connection connection = shop.server().connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PLACED)) {
            while (row.next()) {
                orders.put(
                        new Ledger.Key(row.getInt("client"), row.getLong("number")),
                        new Order(row.getLong("invoice"), row.getLong("lines"), row.getLong("payments")));
            }
        }
        return orders;
    }
}
