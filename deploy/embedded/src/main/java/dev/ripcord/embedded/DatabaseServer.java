package dev.ripcord.embedded;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;

/** How to reach a PostgreSQL server as its superuser. */
public record DatabaseServer(String host, int port, String superuser, String password) {

    private static final String ALREADY_THERE = "42P04";

    /** Where a database of this server is, as {@code host:port/database}. */
    public String address(String database) {
        return host + ":" + port + "/" + database;
    }

    /** A connection of the superuser. */
    public Connection connect(String database) throws SQLException {
        return connect(database, "");
    }

    /** The same, with options of the server such as {@code -c statement_timeout=0}, which win over settings of the database. */
    public Connection connect(String database, String options) throws SQLException {
        Properties login = new Properties();
        login.setProperty("options", options);
        login.setProperty("user", superuser);
        login.setProperty("password", password);
        Connection connection = new Driver().connect("jdbc:postgresql://" + address(database), login);
        if (connection == null) throw new SQLException("not an address of PostgreSQL: " + address(database));
        return connection;
    }

    /** Makes a database if there is none of that name. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + statement.enquoteIdentifier(name, true));
        } catch (SQLException e) {
            if (!ALREADY_THERE.equals(e.getSQLState())) throw e;
        }
    }

    /** As a person reads it, without the password. */
    @Override
    public String toString() {
        return superuser + "@" + host + ":" + port;
    }
}
