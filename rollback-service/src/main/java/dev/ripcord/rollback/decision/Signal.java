package dev.ripcord.rollback.decision;

/** What somebody, or a monitor, says is wrong. */
public enum Signal {
    applicationDown,
    errorRate,
    /** Values are there and wrong. */
    dataWrong,
    /** Values that were there are gone. */
    dataLost,
    /** Somebody can see or do more than before. */
    securityHole,
    performanceSlight,
    performanceBad,
    /** One feature does not work, the rest does. */
    featureBroken,
    /** The application has a fault that has nothing to do with the migration. */
    applicationBug,
    /** Nothing is wrong: somebody wants to begin anew. */
    freshStart,
    noneGiven
}
