package dev.ripcord.rollback.alert;

/** A body that does not hold alerts in the form of its intake; the message says what is wrong. */
final class UnreadableAlertsException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableAlertsException(String message) {
        super(message);
    }
}
