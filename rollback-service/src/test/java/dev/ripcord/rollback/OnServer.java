package dev.ripcord.rollback;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks at the server as its superuser, and maltreats it. */
final class OnServer {

    private static final String STATE = "ripcord_state";

    private OnServer() {}

    /** Has a rollback believe that it came to its state so much earlier. */
    static void agedBy(String rollback, String interval) throws SQLException {
        execute(
                STATE,
                "update rollback.task set state_since = state_since - interval '" + interval + "' where id = '"
                        + rollback + "'");
    }

    /** How many the service's own state holds. */
    static long count(String sql) throws SQLException {
        return Long.parseLong(text(STATE, sql));
    }

    /** What the service's own state holds. */
    static String kept(String sql) throws SQLException {
        return text(STATE, sql);
    }

    static void execute(String database, String... statements) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) statement.execute(sql);
        }
    }

    static String text(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
