package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a database is what it should be, and whether its application is well. */
public sealed interface VerificationEvent extends RipcordEvent {

    /** The verification's id. */
    String verification();

    /**
     * Somebody asks.
     *
     * @param rollback the rollback it belongs to, null for one asked for by hand
     * @param snapshot the snapshot whose manifest the database is held against
     * @param content whether rows are compared too: only where nobody writes
     * @param applicationOnly whether only the application, its queries and the foreign keys are looked at, not the snapshot
     * @param schemaOnly true where the properties of the database itself (owner, grants, settings) are left out, because only
     *     what is in it was put back; null where they are held against the snapshot too
     */
    record Requested(
            String database,
            String verification,
            @Nullable String rollback,
            String snapshot,
            boolean content,
            boolean applicationOnly,
            @Nullable Boolean schemaOnly)
            implements VerificationEvent {

        /** The live database and its application are held against the snapshot. */
        public Requested(
                String database, String verification, @Nullable String rollback, String snapshot, boolean content) {
            this(database, verification, rollback, snapshot, content, false, null);
        }
    }

    /** Every check passed. */
    record Passed(
            String database, String verification, @Nullable String rollback, List<CheckResult> checks)
            implements VerificationEvent {
        public Passed {
            checks = List.copyOf(checks);
        }
    }

    /** At least one check failed. */
    record Failed(
            String database, String verification, @Nullable String rollback, List<CheckResult> checks)
            implements VerificationEvent {
        public Failed {
            checks = List.copyOf(checks);
        }
    }

    /** No check failed, but at least one could not be carried out: this is not a pass. */
    record Inconclusive(
            String database, String verification, @Nullable String rollback, List<CheckResult> checks)
            implements VerificationEvent {
        public Inconclusive {
            checks = List.copyOf(checks);
        }
    }

    /** What one check can say. */
    enum Verdict {
        passed,
        failed,
        inconclusive
    }

    /**
     * One check's answer.
     *
     * @param check its name
     * @param findings what differs, empty where it passed; at most 100
     */
    record CheckResult(String check, Verdict verdict, long millis, List<Finding> findings) {
        public CheckResult {
            findings = List.copyOf(findings);
        }
    }

    /**
     * One difference.
     *
     * @param subject the table, object, address or query
     */
    record Finding(String subject, String expected, String found) {}
}
