package dev.ripcord.command.sample;

import dev.ripcord.embedded.DatabaseServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The sample shop's database on the embedded server, owned by {@code shop_owner}, used by {@code shop_app}.
 *
 * @param database its name
 */
public record Shop(DatabaseServer server, String database, String ownerPassword, String applicationPassword) {

    private static final String OWNER = "shop_owner";
    private static final String APPLICATION = "shop_app";
    private static final String NO_SUCH_DATABASE = "3D000";

    /** The same on another server. */
    public Shop on(DatabaseServer other) {
        return new Shop(other, database, ownerPassword, applicationPassword);
    }

    /** Whether it is there already. */
    public boolean exists() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            return one(statement, "select count(*) from pg_database where datname = " + literal(statement, database))
                    .equals("1");
        }
    }

    /** Makes it, with rows of about this size; nothing has its name before it is whole. */
    public Shop create(Size size) throws SQLException {
        Shop unfinished = new Shop(server, database + "_unfinished", ownerPassword, applicationPassword);
        unfinished.drop();
        unfinished.createEmpty();
        unfinished.fill(size);
        unfinished.rename(database);
        return this;
    }

    /** What is set, granted and said of it belongs to the database, not to its name. */
    private void rename(String name) throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("alter database " + statement.enquoteIdentifier(database, true) + " rename to "
                    + statement.enquoteIdentifier(name, true));
        }
    }

    private void drop() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "drop database if exists " + statement.enquoteIdentifier(database, true) + " with (force)");
        }
    }

    /** Puts tables with rows into the empty database. */
    public void fill(Size size) throws SQLException {
        try (Connection connection = asOwner();
                Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 0"); // that of the database is for its application
            statement.execute(resource("shop-tables.sql"));
            statement.execute(
                    resource("shop-rows.sql").replace("{scale}", String.format(Locale.ROOT, "%.4f", size.scale())));
            statement.execute(resource("shop-constraints.sql"));
            statement.execute("analyze");
        }
    }

    /** Runs the migration that goes wrong, in one transaction. */
    public void migrateBadly() throws SQLException {
        try (Connection connection = asOwner();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(resource("bad-migration.sql"));
            connection.commit();
        }
    }

    /** Drops every snapshot, shadow and kept database of it: nobody will go back to them. */
    public void dropCopies() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement();
                Statement drop = connection.createStatement();
                ResultSet made = statement.executeQuery(
                        "select datname, datistemplate from pg_database where starts_with(datname, '" + database
                                + "__')")) {
            while (made.next()) {
                dropCopy(drop, drop.enquoteIdentifier(made.getString(1), true), made.getBoolean(2));
            }
        }
    }

    /** The services remove what they do not need any more, and may be first. */
    private static void dropCopy(Statement statement, String name, boolean template) throws SQLException {
        try {
            if (template) statement.execute("alter database " + name + " is_template false");
            statement.execute("drop database " + name + " with (force)");
        } catch (SQLException e) {
            if (!NO_SUCH_DATABASE.equals(e.getSQLState())) throw e;
        }
    }

    /** Its size in bytes. */
    public long bytes() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            return Long.parseLong(one(statement, "select pg_database_size(" + literal(statement, database) + ")"));
        }
    }

    /** The size of every snapshot, shadow and kept database of it together, in bytes. */
    public long copyBytes() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            return Long.parseLong(one(
                    statement,
                    "select coalesce(sum(pg_database_size(oid)), 0)::bigint from pg_database where starts_with(datname, "
                            + literal(statement, database + "__") + ")"));
        }
    }

    /** A session of its owner. */
    public Connection asOwner() throws SQLException {
        return connect(OWNER, ownerPassword);
    }

    /** A session of the application, which sees one warehouse. */
    public Connection asApplication() throws SQLException {
        return connect(APPLICATION, applicationPassword);
    }

    String address() {
        return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database;
    }

    Properties applicationLogin() {
        return login(APPLICATION, applicationPassword);
    }

    private Connection connect(String user, String password) throws SQLException {
        return DriverManager.getConnection(address(), login(user, password));
    }

    private static Properties login(String user, String password) {
        Properties login = new Properties();
        login.putAll(Map.of(
                "user", user,
                "password", password,
                "connectTimeout", "5",
                "ApplicationName", user,
                "options", "-c shop.warehouse=north"));
        return login;
    }

    /** Makes it without anything in it. */
    public void createEmpty() throws SQLException {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            for (String role : new String[] {OWNER, APPLICATION}) {
                if (one(statement, "select count(*) from pg_roles where rolname = '" + role + "'")
                        .equals("0")) {
                    statement.execute("create role " + role + " login");
                }
            }
            statement.execute("alter role " + OWNER + " password " + literal(statement, ownerPassword));
            statement.execute("alter role " + APPLICATION + " password " + literal(statement, applicationPassword));
            String name = statement.enquoteIdentifier(database, true);
            statement.execute("create database " + name + " owner " + OWNER);
            statement.execute("revoke connect, temporary on database " + name + " from public");
            statement.execute("grant connect on database " + name + " to " + APPLICATION);
            statement.execute("alter database " + name + " set statement_timeout = '60s'");
            statement.execute("alter role " + APPLICATION + " in database " + name + " set lock_timeout = '5s'");
            statement.execute("alter database " + name + " connection limit 150");
            statement.execute("comment on database " + name + " is 'The sample shop'");
        }
    }

    private static String literal(Statement statement, String text) throws SQLException {
        return statement.enquoteLiteral(text);
    }

    private static String one(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** A script of the sample, by its name. */
    public static String resource(String name) {
        try (InputStream file = Shop.class.getResourceAsStream(name)) {
            if (file == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
