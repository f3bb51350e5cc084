package dev.ripcord.command.endtoend;

import dev.ripcord.embedded.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Looks at the protected server, and maltreats it, as its superuser. */
record OnServer(DatabaseServer server) {

    static final String ADMIN_DATABASE = "ripcord_admin";

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> list(String database, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) values.add(String.valueOf(row.getString(1)));
        }
        return values;
    }

    long swaps(String rollback) throws SQLException {
        return Long.parseLong(list(
                        ADMIN_DATABASE,
                        "select count(*) from ripcord.act where step = 'swapped' and command = '" + rollback + "'")
                .getFirst());
    }

    /** Names, object ids and whether they are open, of all databases of one enrolment. */
    List<String> databasesOf(String name) throws SQLException {
        return list(
                "postgres",
                "select format('%s %s %s', oid, datname, datallowconn) from pg_database where datname = '" + name
                        + "' or starts_with(datname, '" + name + "__') order by datname");
    }

    /** The databases of that very name which let sessions in. */
    long live(String name) throws SQLException {
        return databasesOf(name).stream()
                .filter(line -> line.endsWith(" " + name + " t"))
                .count();
    }
}
