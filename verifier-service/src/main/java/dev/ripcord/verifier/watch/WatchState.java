package dev.ripcord.verifier.watch;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
     * @param well the checks that have answered: whatever of them is not in {@code sick} was well when it was last known
     * @param told of what it was told that it is not well
     * @param sick what was not well, or not known, whenever it was looked at
     * @param unanswered for how many looks running there was no answer of what
     */
    record Watching(
            Instant since,
            @Nullable String snapshot,
            boolean elsewhere,
            boolean closely,
            int looks,
            int regressions,
            Set<String> well,
            Set<String> told,
            Set<String> sick,
            Map<String, Integer> unanswered)
            implements WatchState {

        public Watching(
                Instant since,
                @Nullable String snapshot,
                boolean elsewhere,
                boolean closely,
                int looks,
                int regressions,
                Set<String> well,
                Set<String> told,
                @Nullable Set<String> sick,
                @Nullable Map<String, Integer> unanswered) {
            this.since = since;
            this.snapshot = snapshot;
            this.elsewhere = elsewhere;
            this.closely = closely;
            this.looks = looks;
            this.regressions = regressions;
            this.well = Set.copyOf(well);
            this.told = Set.copyOf(told);
            this.sick = sick == null ? Set.of() : Set.copyOf(sick);
            this.unanswered = unanswered == null ? Map.of() : Map.copyOf(unanswered);
        }

        /** From the end of a rollback on. */
        public static Watching from(Instant since, @Nullable String snapshot, boolean elsewhere) {
            return new Watching(since, snapshot, elsewhere, true, 0, 0, Set.of(), Set.of(), null, null);
        }
    }

    /**
     * It is over.
     *
     * @param why {@code watched} to the end, {@code another rollback} came, there was {@code nothing to look at}, or
     *     it {@code could not be looked at} at the end
     */
    record Over(String why, @Nullable Verdict verdict, int looks, int regressions, List<CheckResult> checks)
            implements WatchState {
        public Over {
            checks = List.copyOf(checks);
        }
    }
}
