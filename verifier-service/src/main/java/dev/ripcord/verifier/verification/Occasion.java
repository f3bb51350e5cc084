package dev.ripcord.verifier.verification;

/** When a check is asked. */
public enum Occasion {
    /** The database is held against its snapshot. */
    verification,
    /** What is in the database is held against its snapshot, the properties of the database itself are not. */
    schema,
    /** The database is meant to differ from its snapshot: only the application and what it needs is looked at. */
    application,
    /** The database is watched after a rollback: again and again, so nothing that reads for long. */
    watch
}
