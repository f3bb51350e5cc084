package dev.ripcord.rollback.audit;

import dev.ripcord.delivery.StateDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Reads the trail; it is written by the database's triggers alone. */
@ApplicationScoped
public class Trail {

    private static final String COLUMNS =
            "select position, recorded_at, direction, type, event_id, source, database_id, rollback, actor, document, previous, hash from audit ";
    private static final int AT_ONCE = 64;

    private final StateDatabase database;
    private final Semaphore verification = new Semaphore(1);

    Trail(StateDatabase database) {
        this.database = database;
    }

    /** Where the chain ends now. */
    public Head head() {
        return database.query("select position, hash from audit order by position desc limit 1").stream()
                .map(row -> new Head(row.getLong("position"), hex(row, "hash")))
                .findFirst()
                .orElse(Head.NONE);
    }

    /**
     * Records in order, of one rollback or of all.
     *
     * @param after the position that the first one comes after
     */
    public List<Entry> page(@Nullable String rollback, long after, int limit) {
        return database
                .query(
                        COLUMNS
                                + "where position > $1 and ($2::text is null or rollback = $2) order by position limit $3",
                        after,
                        rollback,
                        limit)
                .stream()
                .map(Trail::entry)
                .toList();
    }

    /**
     * Computes every hash anew, in memory that does not grow with the trail.
     *
     * @param kept a head that was kept elsewhere, null for none
     * @return empty while another verification is under way: one holds a connection for as long as it reads
     */
    public Optional<Verdict> verify(@Nullable Head kept) {
        if (!verification.tryAcquire()) return Optional.empty();
        try {
            return Optional.of(database.transaction(transaction -> verify(transaction, kept)));
        } finally {
            verification.release();
        }
    }

    /** A cursor sees one state of the table, whole: pages by position would not see a position that is there twice. */
    static Verdict verify(StateDatabase.Transaction transaction, @Nullable Head kept) {
        transaction.query("declare trail no scroll cursor for " + COLUMNS + "order by position");
        Chain chain = new Chain(kept);
        List<Row> rows;
        do {
            rows = transaction.query("fetch " + AT_ONCE + " from trail");
        } while (!rows.isEmpty() && rows.stream().map(Trail::entry).allMatch(chain::holds));
        transaction.query("close trail");
        return chain.verdict();
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.getLong("position"),
                row.getOffsetDateTime("recorded_at").toInstant(),
                row.getString("direction"),
                row.getString("type"),
                row.getString("event_id"),
                row.getString("source"),
                row.getString("database_id"),
                row.getString("rollback"),
                row.getString("actor"),
                row.getString("document"),
                hex(row, "previous"),
                hex(row, "hash"));
    }

    private static String hex(Row row, String column) {
        Buffer bytes = row.getBuffer(column);
        return HexFormat.of().formatHex(bytes.getBytes());
    }
}
