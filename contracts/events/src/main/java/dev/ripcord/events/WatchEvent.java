package dev.ripcord.events;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.util.List;

/** How a database fares after a rollback. */
public sealed interface WatchEvent extends RipcordEvent {

    /** The rollback after which it is watched. */
    String rollback();

    /**
     * What was well is not any more, or has not become well in time.
     *
     * @param looks how often it was looked at so far
     * @param checks those that are not well
     */
    record Regressed(String database, String rollback, int looks, List<CheckResult> checks) implements WatchEvent {
        public Regressed {
            checks = List.copyOf(checks);
        }
    }

    /**
     * The close watch is over, the long one goes on.
     *
     * @param seconds how long it was watched
     * @param regressions how many were found
     * @param checks what each said last
     */
    record Settled(
            String database,
            String rollback,
            Verdict verdict,
            long seconds,
            int looks,
            int regressions,
            List<CheckResult> checks)
            implements WatchEvent {
        public Settled {
            checks = List.copyOf(checks);
        }
    }

    /**
     * The watch is over.
     *
     * @param seconds how long it was watched
     * @param regressions how many were found
     * @param checks what each said last
     */
    record Completed(
            String database,
            String rollback,
            Verdict verdict,
            long seconds,
            int looks,
            int regressions,
            List<CheckResult> checks)
            implements WatchEvent {
        public Completed {
            checks = List.copyOf(checks);
        }
    }
}
