package dev.ripcord.databases;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long the phases of a rollback may take, as it was promised.
 *
 * @param limits by phase; what is not in it was not promised
 */
public record Targets(Map<Phase, Duration> limits) {

    /** Nothing was promised. */
    public static final Targets NONE = new Targets(Map.of());

    public Targets {
        limits = Map.copyOf(limits);
    }

    /** As read from the file: durations of ISO 8601 by phase. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Targets of(Map<Phase, String> texts) {
        Map<Phase, Duration> limits = new EnumMap<>(Phase.class);
        texts.forEach((phase, text) -> limits.put(phase, Duration.parse(text)));
        return new Targets(limits);
    }

    /** What was promised for a phase. */
    public Optional<Duration> of(Phase phase) {
        return Optional.ofNullable(limits.get(phase));
    }

    /** The phases of a rollback that are timed. */
    public enum Phase {
        /** From the request to the plan. */
        plan("request to plan"),
        /** From the plan until the last person who must has approved it. */
        approval("plan to approval"),
        /** From the approval until the copy is ready to be swapped in, a restore included. */
        preparation("approval to a copy that is ready"),
        /** How long the application is without its database. */
        outage("outage"),
        /** From the opening until the database and its application are found well. */
        verification("verification"),
        /** From the request to the end. */
        requestToOutcome("request to outcome");

        private final String words;

        Phase(String words) {
            this.words = words;
        }

        /** As people say it. */
        public String words() {
            return words;
        }
    }
}
