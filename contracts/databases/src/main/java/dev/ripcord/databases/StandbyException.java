package dev.ripcord.databases;

/** Refused because the server is a standby at present, as it may be in the middle of a failover; nothing was changed. */
public final class StandbyException extends RefusedException {
    private static final long serialVersionUID = 1;

    public StandbyException(String message) {
        super(message);
    }
}
