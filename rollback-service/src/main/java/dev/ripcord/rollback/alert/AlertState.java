package dev.ripcord.rollback.alert;

import dev.ripcord.events.AlertEvent.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the alerts about one database stand. */
sealed interface AlertState {

    /** They come in, and are looked at; {@code waits} says for what, empty at first. */
    record Gathering(String waits) implements AlertState {}

    /**
     * What was decided is written to them.
     *
     * @param upTo the position of the last of them
     * @param alerts how many they are
     * @param names of the first few
     */
    record Decided(
            long upTo,
            Verdict verdict,
            int alerts,
            List<String> names,
            @Nullable String migration,
            @Nullable String rollback,
            String reason)
            implements AlertState {
        public Decided {
            names = List.copyOf(names);
        }
    }

    /** A rollback was asked for; while it waits, the end of its alerts takes it back. */
    record Following(String rollback) implements AlertState {}

    /**
     * Nothing is left to do.
     *
     * @param rollback the one that was asked for, null where none was
     */
    record Closed(String reason, @Nullable String rollback) implements AlertState {}
}
