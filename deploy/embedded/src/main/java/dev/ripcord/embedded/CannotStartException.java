package dev.ripcord.embedded;

/** Something could not be started here; the message says what, why, and what to do about it. */
public class CannotStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CannotStartException(String reason) {
        super(reason);
    }

    public CannotStartException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
