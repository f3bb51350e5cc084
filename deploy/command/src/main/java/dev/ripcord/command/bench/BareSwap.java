package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;

/**
 * What the outage is compared with: the least that a superuser can do by hand to swap two names, without carrying anything
 * over, without a guard, and without a trace.
 */
final class BareSwap {

    static final String OTHER = "bare_swap";
    private static final long POLL_NANOS = 1_000_000;

    private BareSwap() {}

    /** Makes the copy that {@link #swap} brings in; how long that took, in milliseconds. */
    static double prepare(Shop shop) throws SQLException {
        return BareClone.copy(shop, OTHER);
    }

    /** Swaps the two; done twice, everything is as it was. */
    static void swap(Shop shop) throws SQLException {
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            String live = statement.enquoteIdentifier(shop.database(), true);
            String sessions = " from pg_stat_activity where datname = " + statement.enquoteLiteral(shop.database());
            statement.execute("alter database " + live + " with allow_connections false");
            statement.execute("select pg_terminate_backend(pid)" + sessions);
            while (any(statement, "select 1" + sessions)) LockSupport.parkNanos(POLL_NANOS);
            statement.execute("begin; alter database " + live + " rename to bare_swap_old; alter database " + OTHER
                    + " rename to " + live + "; alter database bare_swap_old rename to " + OTHER + "; commit");
            statement.execute("alter database " + live + " with allow_connections true");
        }
    }

    private static boolean any(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    /** Leaves nothing behind. */
    static void tidy(Shop shop) throws SQLException {
        try (Connection connection = shop.server().connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("drop database if exists " + OTHER + " with (force)");
        }
    }
}
