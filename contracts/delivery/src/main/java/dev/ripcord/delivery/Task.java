package dev.ripcord.delivery;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Work that this process holds the lease of.
 *
 * @param fence grows with each owner; whatever acts outside passes it on, so that an older owner is refused there
 * @param attempts how often this state was tried before without getting on
 * @param created when the task was made
 * @param stateSince since when it is in this state
 * @param mail every event that belongs to it, oldest first
 */
public record Task<S>(
        String kind,
        String id,
        String database,
        S state,
        long fence,
        int attempts,
        Instant created,
        Instant stateSince,
        List<Envelope<?>> mail) {

    /** The newest event of this kind in the mail. */
    public <E extends RipcordEvent> Optional<E> newest(Class<E> type) {
        return mail.stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((older, newer) -> newer);
    }

    /** How long it has been in this state. */
    public Duration inState() {
        return Duration.between(stateSince, Instant.now());
    }
}
