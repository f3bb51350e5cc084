package dev.ripcord.events;

/** What became of one message to one channel. */
public sealed interface NotificationEvent extends RipcordEvent {

    /** The message's id. */
    String notification();

    /** The channel took it. */
    record Delivered(String database, String notification, String channel, String about, int attempts)
            implements NotificationEvent {}

    /** The channel did not take it, and no further attempt will be made. */
    record Failed(String database, String notification, String channel, String about, int attempts, String reason)
            implements NotificationEvent {}
}
