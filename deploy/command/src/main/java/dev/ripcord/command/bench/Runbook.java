package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;

/** What the methods are compared with: the ways of a runbook, each in one transaction, from files written before. */
final class Runbook {

    private static final String MEASURED = "measurements";
    private static final List<String> TABLES = List.of(
            "customers",
            "products",
            "stock",
            "stock_movements",
            "orders",
            "order_lines",
            "payments_before",
            "payments_2026",
            "payments_later",
            MEASURED);

    private final Shop shop;
    private final Path folder;

    Runbook(Shop shop, Path folder) {
        this.shop = shop;
        this.folder = folder;
    }

    /** Writes every table's rows to a file. */
    void dump() throws SQLException, IOException {
        Files.createDirectories(folder);
        try (Connection session = shop.asOwner()) {
            for (String table : TABLES) {
                try (OutputStream file = Files.newOutputStream(folder.resolve(table))) {
                    session.unwrap(PGConnection.class).getCopyAPI().copyOut("copy " + table + " to stdout", file);
                }
            }
        }
    }

    /** TRUNCATE and COPY of the measured table; the milliseconds until it was committed. */
    double table() throws SQLException, IOException {
        long began = System.nanoTime();
        try (Connection session = shop.asOwner();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("truncate " + MEASURED);
            load(session, MEASURED);
            session.commit();
        }
        return (System.nanoTime() - began) / 1e6;
    }

    /** What {@code pg_restore --clean --single-transaction} of a dump does: all objects dropped and made, all rows loaded. */
    double everything() throws SQLException, IOException {
        long began = System.nanoTime();
        try (Connection session = shop.asOwner();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute("drop schema public cascade; create schema public");
            statement.execute(Shop.resource("shop-tables.sql"));
            statement.execute(MeasuredTable.MADE);
            for (String table : TABLES) load(session, table);
            statement.execute(Shop.resource("shop-constraints.sql"));
            statement.execute(MeasuredTable.CONSTRAINED);
            session.commit();
        }
        return (System.nanoTime() - began) / 1e6;
    }

    private void load(Connection session, String table) throws SQLException, IOException {
        try (InputStream file = Files.newInputStream(folder.resolve(table))) {
            session.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + table + " from stdin", file);
        }
    }
}
