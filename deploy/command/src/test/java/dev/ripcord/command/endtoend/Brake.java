package dev.ripcord.command.endtoend;

import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.DatabaseServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Holds one step of a rollback on the protected server: what the step does is done, but its transaction waits before it
 * writes its line, until the brake is released.
 */
final class Brake implements AutoCloseable {

    private static final int SPACE = 4711;

    private final Connection holder;

    Brake(DatabaseServer server, String step) throws SQLException {
        this.holder = server.connect(OnServer.ADMIN_DATABASE);
        try (Statement statement = holder.createStatement()) {
            statement.execute("""
                    create or replace function public.brake() returns trigger language plpgsql as $$ begin
                        perform pg_advisory_xact_lock_shared(%d, hashtext(new.step)); return new; end $$""".formatted(SPACE));
            statement.execute(
                    "create or replace trigger brake before insert on ripcord.act for each row execute function public.brake()");
            statement.execute("select pg_advisory_lock(" + SPACE + ", hashtext('" + step + "'))");
        }
    }

    /** Waits until the step stands at the brake. */
    void holdsTheStep() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(this::somebodyWaits);
    }

    void release() throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    @Override
    public void close() {
        try (holder;
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
            statement.execute("drop trigger if exists brake on ripcord.act");
        } catch (SQLException e) {
            throw new IllegalStateException("the brake does not come off", e);
        }
    }

    private boolean somebodyWaits() throws SQLException {
        try (Statement statement = holder.createStatement();
                ResultSet waiting = statement.executeQuery(
                        "select from pg_locks where locktype = 'advisory' and not granted and classid = " + SPACE)) {
            return waiting.next();
        }
    }
}
