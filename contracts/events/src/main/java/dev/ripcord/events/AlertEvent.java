package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What alerts of monitoring led to. */
public sealed interface AlertEvent extends RipcordEvent {

    /** What became of alerts. */
    enum Verdict {
        /** A rollback was asked for. */
        asked,
        /** A rollback would have been asked for, where alerts might do that. */
        wouldHaveAsked,
        /** They were recorded and nothing else. */
        recorded,
        /** They are over, and the rollback that they asked for was waiting still: it is taken back. */
        takenBack
    }

    /**
     * Alerts were looked at.
     *
     * @param alerts how many they are
     * @param names of the first few of them
     * @param migration the one they are put down to; null where there is none
     * @param rollback the one that was asked for; null where none was
     * @param reason why so, in words
     */
    record Judged(
            String database,
            Verdict verdict,
            int alerts,
            List<String> names,
            @Nullable String migration,
            @Nullable String rollback,
            String reason)
            implements AlertEvent {

        public Judged {
            names = List.copyOf(names);
        }
    }
}
