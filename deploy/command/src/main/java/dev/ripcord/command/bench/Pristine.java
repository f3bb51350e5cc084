package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import dev.ripcord.command.sample.Size;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The data that every method begins with. */
record Pristine(Shop shop) {

    Pristine made(Size size) throws SQLException {
        shop.create(size);
        return this;
    }

    /** Has the other database hold it, and nothing else. */
    void into(Shop other) throws SQLException {
        drop(other);
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + other.database() + " template " + shop.database()
                    + " strategy file_copy owner shop_owner");
        }
    }

    /** Makes room. */
    void drop(Shop other) throws SQLException {
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + other.database() + " with (force)");
        }
    }
}
