package dev.ripcord.notifier.delivery;

import dev.ripcord.notifier.message.Message;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * <pre>
 * Pending → Delivered
 *    ╰────→ GivenUp → Pending
 * </pre>
 *
 * At least once: an attempt in whose middle the service stops is made again, under the same id.
 */
public sealed interface DeliveryState {

    /** The channel's id. */
    String channel();

    /**
     * To be delivered.
     *
     * @param event the event it is about, as structured CloudEvents JSON
     * @param attempts how many failed
     * @param tried when the first attempt failed, null where none did
     */
    record Pending(
            String channel,
            Message message,
            String event,
            int attempts,
            String problem,
            @Nullable Instant tried) implements DeliveryState {

        /** Not tried yet. */
        public Pending(String channel, Message message, String event) {
            this(channel, message, event, 0, "", null);
        }

        Pending failed(String reason) {
            return new Pending(channel, message, event, attempts + 1, reason, tried == null ? Instant.now() : tried);
        }

        Delivered delivered() {
            return new Delivered(channel, message.about(), attempts + 1);
        }

        /** Nobody tries any more. */
        public GivenUp givenUp(int made, String reason) {
            return new GivenUp(channel, message, event, made, reason);
        }
    }

    /** The channel took it. */
    record Delivered(String channel, String about, int attempts) implements DeliveryState {}

    /** The channel did not take it, and nobody will try again unless a person says so. */
    record GivenUp(String channel, Message message, String event, int attempts, String reason)
            implements DeliveryState {

        /** To be delivered all the same. */
        public Pending again() {
            return new Pending(channel, message, event, 0, reason, null);
        }
    }
}
