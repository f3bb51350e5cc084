package dev.ripcord.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event with the CloudEvents attributes that identify it.
 *
 * @param id unique within {@code source}; the pair is what duplicates are recognised by
 * @param source who sent it, a URI reference such as {@code /ripcord/snapshot-service}
 * @param traceparent W3C trace context of what caused it
 * @param previous the id of what the same source said before about the same rollback, on whichever topic; null for the
 *     first, and where nobody counts
 */
public record Envelope<E extends RipcordEvent>(
        String id,
        String source,
        Instant time,
        @Nullable String traceparent,
        @Nullable String previous,
        E event) {

    /** The same without what was said before. */
    public Envelope(String id, String source, Instant time, @Nullable String traceparent, E event) {
        this(id, source, time, traceparent, null, event);
    }

    /** A new event of a sender, with an id of its own and the present time. */
    public static <E extends RipcordEvent> Envelope<E> of(String source, E event) {
        return new Envelope<>(UUID.randomUUID().toString(), source, Instant.now(), null, event);
    }

    /** The same with the trace it belongs to. */
    public Envelope<E> in(@Nullable String trace) {
        return new Envelope<>(id, source, time, trace, previous, event);
    }

    /** The same as what follows another of the same source. */
    public Envelope<E> after(@Nullable String said) {
        return new Envelope<>(id, source, time, traceparent, said, event);
    }

    /** The same as of this moment at the latest: a sender's clock that runs ahead must not make it the newest for ever. */
    public Envelope<E> by(Instant now) {
        return time.isAfter(now) ? new Envelope<>(id, source, now, traceparent, previous, event) : this;
    }

    /** Its name on the wire. */
    public String type() {
        return Catalogue.of(event).type();
    }
}
