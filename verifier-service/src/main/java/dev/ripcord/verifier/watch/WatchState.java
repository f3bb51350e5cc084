package dev.ripcord.verifier.watch;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * <pre>
 * Watching → Over
 * </pre>
 *
 * A look changes nothing, so that one which was interrupted is simply taken again.
 */
public sealed interface WatchState {

    /**
     * It is looked at again and again.
     *
     * @param since when the rollback ended
     * @param snapshot the one that came back, null where none did
     * @param elsewhere whether the database is on its second server
     * @param closely whether the close watch goes on
     * @param looks how many there were
     * @param regressions how many were found
     * @param well the checks that were well when they were last known to be so
     * @param told the checks of which it was told that they are not well
     */
    record Watching(
            Instant since,
            @Nullable String snapshot,
            boolean elsewhere,
            boolean closely,
            int looks,
            int regressions,
            Set<String> well,
            Set<String> told)
            implements WatchState {

        public Watching {
            well = Set.copyOf(well);
            told = Set.copyOf(told);
        }

        /** From the end of a rollback on. */
        public static Watching from(Instant since, @Nullable String snapshot, boolean elsewhere) {
            return new Watching(since, snapshot, elsewhere, true, 0, 0, Set.of(), Set.of());
        }
    }

    /**
     * It is over.
     *
     * @param why {@code watched} to the end, {@code another rollback} came, or there was {@code nothing to look at}
     */
    record Over(String why, @Nullable Verdict verdict, int looks, int regressions, List<CheckResult> checks)
            implements WatchState {
        public Over {
            checks = List.copyOf(checks);
        }
    }
}
