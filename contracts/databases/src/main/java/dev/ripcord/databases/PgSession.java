package dev.ripcord.databases;

import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Server;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One session on a PostgreSQL server, used from a virtual thread: every call blocks until it is answered, and no longer
 * than its limit. The server is given the same limit, so that a statement does not go on when nobody waits for it.
 * Settings that change how values look as text are fixed.
 */
public final class PgSession implements AutoCloseable {

    /** What sessions are called on the server. */
    public static final String APPLICATION = "ripcord";

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final int AT_ONCE = 2_000;
    private static final Duration SPARE = Duration.ofSeconds(2);

    /** Settings under which equal rows are equal texts, and no name is found on a path that somebody else controls. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("client_encoding", "UTF8"),
            Map.entry("TimeZone", "UTC"),
            Map.entry("DateStyle", "ISO, MDY"),
            Map.entry("IntervalStyle", "postgres"),
            Map.entry("extra_float_digits", "1"),
            Map.entry("bytea_output", "hex"),
            Map.entry("lc_monetary", "C"),
            Map.entry("search_path", "pg_catalog"),
            Map.entry("quote_all_identifiers", "off"),
            Map.entry("standard_conforming_strings", "on"),
            Map.entry("row_security", "off"),
            Map.entry("client_min_messages", "warning"),
            // a database may have other ideas of these: what is to be written is written all the same
            Map.entry("default_transaction_read_only", "off"),
            Map.entry("default_transaction_isolation", "read committed"),
            Map.entry("default_transaction_deferrable", "off"),
            // as of these, which would end what takes long
            Map.entry("idle_in_transaction_session_timeout", "0"),
            Map.entry("idle_session_timeout", "0"),
            Map.entry("lock_timeout", "0"),
            // a machine that is gone says nothing: after a minute its locks are let go
            Map.entry("tcp_keepalives_idle", "30"),
            Map.entry("tcp_keepalives_interval", "10"),
            Map.entry("tcp_keepalives_count", "3"));

    private final PgConnection connection;
    private final Duration limit;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
    private final AtomicInteger cursors = new AtomicInteger();
    private volatile boolean ended;

    private PgSession(PgConnection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
        connection.closeHandler(closed -> ended = true);
    }

    /**
     * Opens a session.
     *
     * @param database the name of the database on that server
     * @param limit how long each statement may last
     * @throws DatabaseFailure if the server cannot be reached or refuses
     */
    public static PgSession open(Vertx vertx, Server server, Role role, String database, Duration limit) {
        return open(vertx, server, role, database, limit, APPLICATION);
    }

    /**
     * As above.
     *
     * @param application what the session is called on the server
     */
    public static PgSession open(
            Vertx vertx, Server server, Role role, String database, Duration limit, String application) {
        Map<String, String> settings = new java.util.HashMap<>(SETTINGS);
        settings.put("application_name", application);
        settings.put("statement_timeout", String.valueOf(limit.toMillis()));
        // a standby that stalls must keep nobody out: what closes and opens databases does not wait for its answer
        if (database.equals(server.adminDatabase())) settings.put("synchronous_commit", "local");
        PgConnectOptions options = new PgConnectOptions()
                .setHost(server.host())
                .setPort(server.port())
                .setDatabase(database)
                .setUser(role.user())
                .setPassword(role.password().resolve())
                .setProperties(settings)
                .setCachePreparedStatements(false);
        options.setConnectTimeout((int) CONNECT_LIMIT.toMillis());
        switch (server.tls()) {
            case disable -> options.setSslMode(SslMode.DISABLE);
            case require -> options.setSslMode(SslMode.REQUIRE).setTrustAll(true);
            case verifyFull -> {
                options.setSslMode(SslMode.VERIFY_FULL).setHostnameVerificationAlgorithm("HTTPS");
                if (server.ca() != null) options.setPemTrustOptions(new PemTrustOptions().addCertPath(server.ca()));
            }
        }
        String what = "connecting to " + server.host() + ":" + server.port() + " as " + role.user();
        Future<PgConnection> connecting = PgConnection.connect(vertx, options);
        PgConnection connection;
        try {
            connection = await(connecting, CONNECT_LIMIT, what);
        } catch (DatabaseFailure e) {
            // one that comes when nobody waits for it any more: behind a copy it may
            connecting.onSuccess(PgConnection::close);
            throw e;
        }
        // a session that the server ends fails the next call; there is nothing to log for it besides
        connection.exceptionHandler(ended -> {});
        PgSession session = new PgSession(connection, limit);
        // ends what takes long as well; servers that do not know it refuse a session that brings it along
        if (connection.databaseMetadata().majorVersion() >= 17) session.start("set transaction_timeout = 0");
        return session;
    }

    /** Has the server parse statements now, once, so that each takes one exchange when it is run: for where time is short. */
    public void prepare(String... statements) {
        Map<String, Future<PreparedStatement>> sent = new LinkedHashMap<>();
        for (String sql : statements) {
            if (!prepared.containsKey(sql)) sent.put(sql, connection.prepare(sql));
        }
        sent.forEach((sql, parsed) -> prepared.put(sql, await(parsed, limit, firstLine(sql))));
    }

    /** Runs one statement with parameters {@code $1}, {@code $2} …; its rows. */
    public List<Row> query(String sql, Object... parameters) {
        return send(sql, parameters).rows();
    }

    /** Sends one statement without waiting: those sent before it are run first, each in its own transaction. */
    public Answer send(String sql, Object... parameters) {
        Tuple values = Tuple.from(List.of(parameters));
        PreparedStatement ready = prepared.get(sql);
        return new Answer(
                ready == null
                        ? connection.preparedQuery(sql).execute(values)
                        : ready.query().execute(values),
                sql);
    }

    /** What the server answers to a statement that was sent. */
    public final class Answer {

        private final Future<RowSet<Row>> rows;
        private final String sql;

        private Answer(Future<RowSet<Row>> rows, String sql) {
            this.rows = rows;
            this.sql = sql;
        }

        /** Waits for it, no longer than this; whether it has come, were it that the statement failed. */
        public boolean within(Duration patience) {
            try {
                rows.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException e) {
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }

        /** Waits for its rows. */
        public List<Row> rows() {
            List<Row> list = new ArrayList<>();
            await(rows, limit.plus(SPARE), firstLine(sql)).forEach(list::add);
            return list;
        }
    }

    /** Runs one query without parameters and has each of its rows read; {@value #AT_ONCE} of them are held at a time. */
    public void each(String sql, Consumer<Row> reader) {
        // by another name each time: after a failure the last one may be open
        String cursor = "ripcord_rows_" + cursors.incrementAndGet();
        execute("declare " + cursor + " no scroll cursor with hold for " + sql);
        List<Row> rows;
        do {
            rows = query("fetch " + AT_ONCE + " from " + cursor);
            rows.forEach(reader);
        } while (rows.size() == AT_ONCE);
        execute("close " + cursor);
    }

    /** Runs statements without parameters, those that cannot be prepared among them. */
    public void execute(String sql) {
        start(sql).rows();
    }

    /** As {@link #execute}, without waiting. */
    public Answer start(String sql) {
        return new Answer(connection.query(sql).execute(), sql);
    }

    /** Whether it is known to be over: the server has ended it, or the connection is cut. */
    public boolean ended() {
        return ended;
    }

    /** The server process that serves this session. */
    public int processId() {
        return connection.processId();
    }

    /** Says goodbye and does not wait for an answer; what is still in the way of it is dropped by the server. */
    @Override
    public void close() {
        connection.close();
    }

    private static <T> T await(Future<T> future, Duration limit, String what) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String message =
                    cause instanceof PgException server ? server.getErrorMessage() : String.valueOf(cause.getMessage());
            throw new DatabaseFailure(what + ": " + message, cause);
        } catch (TimeoutException e) {
            throw new DatabaseFailure(what + ": no answer within " + limit.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseFailure(what + ": interrupted", e);
        }
    }

    private static String firstLine(String sql) {
        String line = sql.strip().lines().findFirst().orElse("");
        return line.length() > 80 ? line.substring(0, 80) + "…" : line;
    }
}
