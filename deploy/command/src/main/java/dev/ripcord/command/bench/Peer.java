package dev.ripcord.command.bench;

import dev.ripcord.command.sample.Shop;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** One way to go back to the state before a migration: what is done before it, and what is done after it. */
interface Peer {

    String name();

    /** The database that it works on. */
    Shop shop();

    /** Makes the database as at first, where the last way back has not done it. */
    default void reset() throws SQLException {}

    /** Takes the snapshot that the migration waits for. */
    Snapshot snapshot(String round) throws SQLException, IOException;

    /** Waits for what is still being done about the snapshot while the migration may run. */
    default void settle(String round) {}

    /** What it keeps on the disk for going back, while the migration runs; blocks that files share count for each. */
    long diskBytes(String round) throws SQLException, IOException;

    /** The migration has run, as its pipeline would tell. */
    default void migrated(String round) {}

    /** Goes back to it; the application may work again. */
    void restore(String round) throws SQLException, IOException;

    /** The name of the database that failed, where it is kept; nobody writes any more. */
    Optional<String> kept();

    /** Leaves nothing of the round behind. */
    void tidy() throws SQLException, IOException;

    /**
     * One snapshot.
     *
     * @param millis taking it
     * @param waitMillis from wanting to migrate to being allowed to
     */
    record Snapshot(double millis, double waitMillis) {

        /** Of one that the migration waits for to its end. */
        static Snapshot since(long nanos) {
            double millis = (System.nanoTime() - nanos) / 1e6;
            return new Snapshot(millis, millis);
        }
    }
}
