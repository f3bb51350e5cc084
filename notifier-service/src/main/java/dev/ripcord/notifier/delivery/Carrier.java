package dev.ripcord.notifier.delivery;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.message.Message;

/** Brings messages to channels of one kind; a bean of this type is found by itself. */
public interface Carrier {

    /** The kind of channel, as in {@code databases.yaml}. */
    String kind();

    /** Makes one attempt, within the limit for one; whatever goes wrong is an outcome. */
    Outcome carry(Letter letter, Channel channel);

    /**
     * A message on its way.
     *
     * @param id the same at each attempt, so that a receiver recognises one that it has
     * @param event the event it is about, as structured CloudEvents JSON
     */
    record Letter(String id, Message message, String event) {}
}
