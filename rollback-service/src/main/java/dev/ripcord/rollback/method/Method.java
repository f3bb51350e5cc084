package dev.ripcord.rollback.method;

import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.Rung;
import java.util.Optional;

/** A way back that leaves the live database where it stands; a bean of this type is a rung of the ladder. */
public interface Method {

    /** Which one it is. */
    Rung rung();

    /** Whether rows or objects are changed, so that a snapshot is taken and proven before. */
    default boolean changesDatabase() {
        return true;
    }

    /** Whether it compares the live database with a copy of the snapshot. */
    default boolean readsCopy() {
        return false;
    }

    /**
     * Finds out what it would do; changes nothing and holds nobody up.
     *
     * @throws dev.ripcord.databases.DatabaseFailure if a database cannot be read
     */
    Draft draft(Ground ground);

    /** Why it is not worth its time to rehearse this on a copy; empty where it is. Only reads. */
    default Optional<String> whyNotRehearsed(Ground ground, Plan plan) {
        return Optional.empty();
    }

    /**
     * Does what the plan says, all or nothing. Its transaction begins with {@link Ground#begin}, so that it can be told
     * afterwards whether it was committed.
     *
     * @throws RuntimeException if nobody knows whether it was done
     */
    Effect act(Ground ground, Plan plan);
}
