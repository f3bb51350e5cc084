package dev.ripcord.databases;

/** A guard said no before anything was changed; the message says what was expected and what was found. */
public class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
        super(message);
    }
}
