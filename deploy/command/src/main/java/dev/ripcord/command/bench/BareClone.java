package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What the gate is compared with: closing, ending the sessions and copying by hand, as a superuser. */
final class BareClone {

    private BareClone() {}

    /** Takes one copy and drops it again; the milliseconds from closing to opening. */
    static double millis(Shop shop) throws SQLException {
        double millis = copy(shop, "bare_clone");
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database bare_clone");
        }
        return millis;
    }

    /** Takes a copy of that name; the milliseconds from closing to opening. */
    static double copy(Shop shop, String copy) throws SQLException {
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            String name = statement.enquoteIdentifier(shop.database(), true);
            long began = System.nanoTime();
            try {
                statement.execute("alter database " + name + " with allow_connections false");
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = "
                        + statement.enquoteLiteral(shop.database()));
                statement.execute("create database " + copy + " template " + name + " strategy file_copy");
            } finally {
                statement.execute("alter database " + name + " with allow_connections true");
            }
            return (System.nanoTime() - began) / 1e6;
        }
    }
}
