package dev.ripcord.databases;

import io.vertx.pgclient.PgException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement or a connection failed; the message is the server's own where it answered. */
public class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A serialization failure, a deadlock: the transaction is undone whole. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private final @Nullable String sqlState;

    /** Of a client program that did not get in, or whose session was ended: its words have no SQLSTATE. */
    public DatabaseFailure(String message) {
        this(message, null);
    }

    DatabaseFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.sqlState = cause instanceof PgException server ? server.getSqlState() : null;
    }

    /** Whether a guard on the server refused: nothing was changed, and trying again does not help. */
    public boolean refused() {
        return "RC001".equals(sqlState);
    }

    /**
     * Whether it is of a kind that passes: no answer, a broken connection, too many of them, a server that starts or stops, a
     * deadlock or another conflict with what others do at the same time.
     */
    public boolean passing() {
        return sqlState == null
                || sqlState.startsWith("08")
                || sqlState.startsWith("57P0")
                || CONFLICTS.contains(sqlState)
                || sqlState.equals("53300");
    }

    /** The five-character SQLSTATE, null where the server did not answer: then nobody knows whether it acted. */
    public @Nullable String sqlState() {
        return sqlState;
    }
}
