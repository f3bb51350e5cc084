package dev.ripcord.delivery;

/**
 * An event that Kafka would never take, and behind which no other of its topic would be sent, or that no service would read:
 * it is not announced.
 */
final class EventTooLargeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    EventTooLargeException(String topic, int bytes, int most) {
        super("an event for " + topic + " would have " + bytes + " bytes, the most is " + most);
    }

    EventTooLargeException(String topic) {
        super("an event for " + topic + " would have more names and values than a service reads");
    }
}
