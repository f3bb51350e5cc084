package dev.ripcord.command.endtoend;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A migration tool as small as can be: {@code RunSql URL USER PASSWORD STATEMENT…}, each statement by itself. */
final class RunSql {

    private RunSql() {}

    public static void main(String[] arguments) {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                Statement statement = connection.createStatement()) {
            for (int next = 3; next < arguments.length; next++) statement.execute(arguments[next]);
        } catch (SQLException e) {
            System.err.println(e.getMessage());
            System.exit(3);
        }
    }
}
