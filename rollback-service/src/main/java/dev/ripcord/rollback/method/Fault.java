package dev.ripcord.rollback.method;

import dev.ripcord.databases.DatabaseFailure;

/** A failed statement, as a method judges it. */
public record Fault(DatabaseFailure failure) {

    /** The states of {@code admin.sql}: a refusal, a newer owner of the work, another one that holds the database. */
    private static final String GUARD = "RC";

    /**
     * Whether it says nothing of this way: there was no answer, it passes, or the guard on the server spoke. It is thrown on
     * then. Who took it for a way that cannot be gone would go on to the next one, which takes more back.
     */
    public boolean thrownOn() {
        String state = failure.sqlState();
        return failure.passing() || state != null && state.startsWith(GUARD);
    }
}
