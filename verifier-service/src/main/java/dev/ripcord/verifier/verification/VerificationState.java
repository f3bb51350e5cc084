package dev.ripcord.verifier.verification;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * <pre>
 * Requested → Judged
 * </pre>
 *
 * A verification looks and changes nothing, so that one which was interrupted is simply done again.
 */
public sealed interface VerificationState {

    /** The snapshot whose manifest the database is held against. */
    String snapshot();

    /**
     * Asked for; waits for the manifest, then runs the checks.
     *
     * @param rollback the rollback it belongs to, null for one asked for by hand
     * @param content whether rows are compared too
     * @param applicationOnly whether the database is not held against the snapshot
     * @param schemaOnly true where it is, but for its own properties
     */
    record Requested(
            String snapshot,
            @Nullable String rollback,
            boolean content,
            boolean applicationOnly,
            @Nullable Boolean schemaOnly)
            implements VerificationState {
        Occasion occasion() {
            if (applicationOnly) return Occasion.application;
            return schemaOnly != null && schemaOnly ? Occasion.schema : Occasion.verification;
        }

        Judged judged(Verdict verdict, List<CheckResult> checks) {
            return new Judged(snapshot, rollback, content, verdict, checks);
        }
    }

    /** The verdict is given and announced. */
    record Judged(
            String snapshot, @Nullable String rollback, boolean content, Verdict verdict, List<CheckResult> checks)
            implements VerificationState {
        public Judged {
            checks = List.copyOf(checks);
        }
    }
}
