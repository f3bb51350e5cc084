package dev.ripcord.databases;

import io.vertx.pgclient.PgException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A statement or a connection failed; the message is the server's own where it answered. */
public class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A serialization failure, a deadlock: the transaction is undone whole. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    private static final String NO_ROOM = "53100";

    /** Nothing can be written: a standby, or a server that its operator lets only be read. */
    private static final String READ_ONLY = "25006";

    /** The server does not say why it cannot write the file with which a first session in a new database begins. */
    private static final String NO_ROOM_TO_BEGIN = "could not write init file";

    private final @Nullable String sqlState;

    /** Of a client program that did not get in, or whose session was ended: its words have no SQLSTATE. */
    public DatabaseFailure(String message) {
        this(message, (Throwable) null);
    }

    /** Of a client program whose words can mean this SQLSTATE only. */
    public DatabaseFailure(String message, String sqlState) {
        super(message);
        this.sqlState = sqlState;
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

    /**
     * Whether somebody must see to the server first: it has no room, or may not write. That says nothing of what was asked for, and to try
     * again at once does not help.
     */
    public boolean ofTheServer() {
        return READ_ONLY.equals(sqlState) || noRoom();
    }

    /** Whether a disk of the server is full: each further attempt fills it again. */
    public boolean noRoom() {
        return NO_ROOM.equals(sqlState)
                || sqlState != null && String.valueOf(getMessage()).endsWith(NO_ROOM_TO_BEGIN);
    }

    /** The five-character SQLSTATE, null where the server did not answer: then nobody knows whether it acted. */
    public @Nullable String sqlState() {
        return sqlState;
    }
}
