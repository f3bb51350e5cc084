package dev.ripcord.delivery;

/** An event that Kafka would never take, and behind which no other of its topic would be sent: it is not announced. */
final class EventTooLargeException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    EventTooLargeException(String topic, int bytes, int most) {
        super("an event for " + topic + " would have " + bytes + " bytes, the most is " + most);
    }
}
