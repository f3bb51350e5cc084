package dev.ripcord.delivery.people;

/** A token is not accepted; the message says why and never repeats the token. */
class RefusedTokenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RefusedTokenException(String reason) {
        super(reason);
    }
}
