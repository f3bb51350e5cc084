package dev.ripcord.rollback.decision;

/** How far the migration got. */
public enum MigrationState {
    running,
    completed,
    /** It ended with an error, somewhere between its first and its last statement. */
    failed,
    neverApplied,
    unknown
}
