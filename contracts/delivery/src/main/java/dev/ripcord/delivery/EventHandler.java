package dev.ripcord.delivery;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;

/**
 * What a service records of an event; each service has one. It only records: no call to anything but the ledger, whose
 * transaction also holds the event itself.
 */
public interface EventHandler {

    /**
     * Records one event, which was not seen before.
     *
     * @return the task that this event is mail for; {@link Mail#NONE} for an event that none waits for
     */
    Mail on(Envelope<?> envelope, Ledger ledger);

    /**
     * Whether it has something begun that nobody wants a day later: read again after the state was lost, it would be done a
     * second time.
     */
    default boolean begins(RipcordEvent event) {
        return false;
    }

    /** The task that an event belongs to. */
    record Mail(String kind, String task) {
        public static final Mail NONE = new Mail("", "");
    }
}
