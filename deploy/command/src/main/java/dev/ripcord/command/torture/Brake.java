package dev.ripcord.command.torture;

import dev.ripcord.embedded.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds a rollback at the moment in which it writes one of its records: what comes before is done, the record is not
 * written, its transaction waits. All sessions are opened at first, because nobody may connect in the middle of a swap.
 */
final class Brake implements AutoCloseable {

    private static final int SPACE = 4712;
    private static final long LOOK_NANOS = 1_000_000;

    private final Mark mark;
    private final String rollback;
    private final Connection holder;
    private final Connection looker;

    private Brake(DatabaseServer server, Mark mark, String rollback) throws SQLException {
        this.mark = mark;
        this.rollback = rollback;
        this.holder = server.connect(mark.database());
        this.looker = server.connect(mark.database());
    }

    /** One that is released: the rollback passes. */
    static Brake released(DatabaseServer server, Mark mark, String rollback) throws SQLException {
        Brake brake = new Brake(server, mark, rollback);
        execute(brake.holder, mark.trigger(SPACE));
        return brake;
    }

    /** One that holds the rollback when it comes to the mark. */
    static Brake set(DatabaseServer server, Mark mark, String rollback) throws SQLException {
        Brake brake = released(server, mark, rollback);
        execute(brake.holder, "select pg_advisory_lock(" + SPACE + ", " + brake.key() + ")");
        return brake;
    }

    /** Waits until the rollback stands at the brake; whether it came there. */
    boolean holds(Duration limit) throws SQLException {
        return until(
                "select from pg_locks where locktype = 'advisory' and not granted and classid = " + SPACE
                        + " and objid = " + key() + "::bit(32)::bigint::oid",
                limit);
    }

    /** Waits until the record is written and committed; whether it was. */
    boolean passed(Duration limit) throws SQLException {
        return until(mark.written(rollback), limit);
    }

    /** The port that the held session's client has on this machine. */
    int clientPort() throws SQLException {
        try (Statement statement = looker.createStatement();
                ResultSet row = statement.executeQuery("select a.client_port from pg_locks l join pg_stat_activity a"
                        + " using (pid) where l.locktype = 'advisory' and not l.granted and l.classid = " + SPACE)) {
            return row.next() ? row.getInt(1) : -1;
        }
    }

    void release() throws SQLException {
        execute(holder, "select pg_advisory_unlock_all()");
    }

    /** Takes it off; where the server is gone meanwhile, the next one does. */
    @Override
    public void close() {
        try (holder;
                looker) {
            execute(holder, "select pg_advisory_unlock_all()");
        } catch (SQLException e) {
            // the server was killed: its locks are gone with it
        }
    }

    private String key() {
        return "hashtext('" + mark.value() + "/" + rollback + "')";
    }

    private boolean until(String query, Duration limit) throws SQLException {
        long end = System.nanoTime() + limit.toNanos();
        try (Statement statement = looker.createStatement()) {
            while (System.nanoTime() < end) {
                try (ResultSet row = statement.executeQuery(query)) {
                    if (row.next()) return true;
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
        return false;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
