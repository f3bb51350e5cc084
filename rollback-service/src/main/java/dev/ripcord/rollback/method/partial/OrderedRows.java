package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** The rows of a query that is ordered by {@code o}, a batch at a time, handed out in groups of the same {@code o}. */
final class OrderedRows implements AutoCloseable {

    private static final int FETCH = 5_000;

    private final PgSession session;
    private List<Row> batch = List.of();
    private Ahead<List<Row>> coming;
    private int next;

    OrderedRows(PgSession session, String query) {
        this.session = session;
        session.execute("declare ordered_rows no scroll cursor for " + query);
        coming = Ahead.start(this::fetch);
    }

    /** The next rows with the same {@code o}; none at the end. */
    List<Row> group() {
        List<Row> group = new ArrayList<>();
        while (true) {
            if (next == batch.size()) {
                batch = coming.get();
                next = 0;
                if (batch.isEmpty()) return group;
                coming = Ahead.start(this::fetch);
            }
            Row row = batch.get(next);
            if (!group.isEmpty() && !group.getFirst().getLong("o").equals(row.getLong("o"))) return group;
            group.add(row);
            next++;
        }
    }

    private List<Row> fetch() {
        return session.query("fetch " + FETCH + " from ordered_rows");
    }

    @Override
    public void close() {
        session.execute("close ordered_rows");
    }
}
