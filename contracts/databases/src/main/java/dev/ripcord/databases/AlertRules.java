package dev.ripcord.databases;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which alerts are about a database, and what they may cause.
 *
 * @param mode null for the default of the environment
 * @param match the labels that an alert about this database carries, all of them
 * @param signals what an alert says is wrong, by its name, in the words of the decision policy
 * @param withinSeconds how long after a migration an alert is put down to it
 * @param soakSeconds how long an alert must be firing before it counts
 * @param quorum how many different alerts must be firing
 * @param coolDownSeconds the least time between two rollbacks that alerts asked for
 * @param atMostPerDay how many rollbacks alerts may ask for in 24 hours
 */
public record AlertRules(
        @Nullable Mode mode,
        Map<String, String> match,
        Map<String, String> signals,
        int withinSeconds,
        @Nullable Integer soakSeconds,
        int quorum,
        @Nullable Integer coolDownSeconds,
        int atMostPerDay) {

    public AlertRules(
            @Nullable Mode mode,
            @Nullable Map<String, String> match,
            @Nullable Map<String, String> signals,
            int withinSeconds,
            @Nullable Integer soakSeconds,
            int quorum,
            @Nullable Integer coolDownSeconds,
            int atMostPerDay) {
        this.mode = mode;
        this.match = match == null ? Map.of() : Map.copyOf(match);
        this.signals = signals == null ? Map.of() : Map.copyOf(signals);
        this.withinSeconds = withinSeconds == 0 ? 1800 : withinSeconds;
        this.soakSeconds = soakSeconds == null ? 60 : soakSeconds;
        this.quorum = quorum == 0 ? 1 : quorum;
        this.coolDownSeconds = coolDownSeconds == null ? 3600 : coolDownSeconds;
        this.atMostPerDay = atMostPerDay == 0 ? 2 : atMostPerDay;
    }

    /** What alerts may cause. */
    public enum Mode {
        /** They are recorded. */
        off,
        /** It is said what they would have caused. */
        shadow,
        /** They ask for a rollback. */
        ask
    }

    /** What alerts may cause here: nothing in production where nothing is said. */
    public Mode in(Environment environment) {
        if (mode != null) return mode;
        return environment == Environment.production ? Mode.off : Mode.ask;
    }

    public Duration within() {
        return Duration.ofSeconds(withinSeconds);
    }

    public Duration soak() {
        return Duration.ofSeconds(soakSeconds == null ? 60 : soakSeconds);
    }

    public Duration coolDown() {
        return Duration.ofSeconds(coolDownSeconds == null ? 3600 : coolDownSeconds);
    }
}
