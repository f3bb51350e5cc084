package dev.ripcord.notifier.delivery;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.message.Message;
import java.util.List;

/**
 * Brings messages to channels of one kind; a bean of this type is found by itself.
 *
 * @param <C> what {@code databases.yaml} says of a channel of the kind
 */
public interface Carrier<C extends Channel> {

    /** The kind of channel. */
    Class<C> kind();

    /** What keeps every message from a channel, before anything is tried: a secret that is not there, an address that is none. */
    List<String> problems(C channel);

    /** Makes one attempt, within the limit for one; whatever goes wrong is an outcome. */
    Outcome carry(Letter letter, C channel);

    /**
     * A message on its way.
     *
     * @param id the same at each attempt, so that a receiver recognises one that it has
     * @param event the event it is about, as structured CloudEvents JSON
     * @param notes what the channel remembers of the same rollback
     * @param overtaken whether the channel took already what the rollback came to after this
     */
    record Letter(String id, Message message, String event, Notes notes, boolean overtaken) {

        /** In its order. */
        public Letter(String id, Message message, String event, Notes notes) {
            this(id, message, event, notes, false);
        }
    }
}
