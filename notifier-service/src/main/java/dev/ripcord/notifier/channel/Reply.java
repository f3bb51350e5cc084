package dev.ripcord.notifier.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.notifier.delivery.Outcome;
import java.time.Duration;
import java.util.Optional;

/** What came back of one call. */
public sealed interface Reply {

    /**
     * A status 2xx.
     *
     * @param said the beginning of the answer, for people
     * @param rest how long the other side asked to be left alone, if it did
     */
    record Ok(String body, String said, Optional<Duration> rest) implements Reply {

        private static final ObjectMapper JSON = new ObjectMapper();

        /** The body as JSON; a missing node where it is none. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                return MissingNode.getInstance();
            }
        }

        /** What to make of it where it is not what the other side says when all is well. */
        public Outcome unexpected() {
            return new Outcome.Later(said, rest);
        }
    }

    /** Another status. */
    record Refused(int status, Outcome outcome) implements Reply {}

    /** Nothing, or nothing in time: it may have been done all the same. */
    record Silent(Outcome outcome) implements Reply {}
}
