package dev.ripcord.delivery;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The service's own schema. Calls block, on virtual or worker threads, and no longer than {@link #LIMIT}. */
@ApplicationScoped
public class StateDatabase {

    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 3;

    private final Pool pool;

    StateDatabase(Pool pool) {
        this.pool = pool;
    }

    /** Statements of one transaction. */
    public interface Transaction {
        /** Runs one statement with parameters {@code $1}, {@code $2} …; its rows. */
        List<Row> query(String sql, @Nullable Object... parameters);

        /** Runs one whose rows nobody asks for; where it fails, the next statement or the commit says so. */
        void execute(String sql, @Nullable Object... parameters);
    }

    /** Its statements go out without waiting for those before; an answer is waited for where somebody needs it. */
    private record Pipelined(SqlConnection connection, List<Future<?>> unanswered) implements Transaction {

        @Override
        public List<Row> query(String sql, @Nullable Object... parameters) {
            Future<RowSet<Row>> asked = begin(sql, parameters);
            answered();
            return rows(asked);
        }

        @Override
        public void execute(String sql, @Nullable Object... parameters) {
            unanswered.add(begin(sql, parameters));
        }

        private Future<RowSet<Row>> begin(String sql, @Nullable Object... parameters) {
            return connection.preparedQuery(sql).execute(tuple(parameters));
        }

        /** The first that failed is the cause of what failed after it. */
        void answered() {
            unanswered.forEach(StateDatabase::await);
            unanswered.clear();
        }
    }

    /** Runs one statement on its own; its rows. One that lost a deadlock changed nothing and is run again. */
    public List<Row> query(String sql, @Nullable Object... parameters) {
        for (int attempt = 1; ; attempt++) {
            try {
                return rows(pool.preparedQuery(sql).execute(tuple(parameters)));
            } catch (StateDatabaseException e) {
                if (attempt == ATTEMPTS || !e.deadlock()) throw e;
            }
        }
    }

    /**
     * Runs work in one transaction: all of it is committed, or nothing.
     *
     * @throws StateDatabaseException if the database is away or refuses
     */
    public <T> T transaction(Function<Transaction, T> work) {
        SqlConnection connection = connection();
        try {
            var begun = connection.begin();
            Pipelined statements = new Pipelined(connection, new ArrayList<>(List.of(begun)));
            try {
                T result = work.apply(statements);
                statements.answered();
                await(begun.result().commit());
                return result;
            } catch (RuntimeException | OutOfMemoryError e) {
                begun.onSuccess(io.vertx.sqlclient.Transaction::rollback);
                throw e;
            }
        } finally {
            connection.close();
        }
    }

    /** One that comes when nobody waits for it any more goes back. */
    private SqlConnection connection() {
        Future<SqlConnection> coming = pool.getConnection();
        try {
            return await(coming);
        } catch (StateDatabaseException e) {
            coming.onSuccess(SqlConnection::close);
            throw e;
        }
    }

    private static Tuple tuple(@Nullable Object... parameters) {
        return Tuple.from(Arrays.asList(parameters));
    }

    private static List<Row> rows(Future<RowSet<Row>> future) {
        List<Row> rows = new ArrayList<>();
        await(future).forEach(rows::add);
        return rows;
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String state = cause instanceof PgException server ? server.getSqlState() : null;
            throw new StateDatabaseException(String.valueOf(cause.getMessage()), state, cause);
        } catch (TimeoutException e) {
            throw new StateDatabaseException("no answer within " + LIMIT.toSeconds() + " s", null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateDatabaseException("interrupted", null, e);
        }
    }
}
