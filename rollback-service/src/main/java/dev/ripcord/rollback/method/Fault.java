package dev.ripcord.rollback.method;

import dev.ripcord.databases.DatabaseFailure;
import java.util.List;

/** A failed statement, as a method judges it. */
public record Fault(DatabaseFailure failure) {

    /** The states of {@code admin.sql}: a refusal, a newer owner of the work, another one that holds the database. */
    private static final String GUARD = "RC";

    /** In these classes the server quotes the values of a row, or a function of the application says what it likes. */
    private static final List<String> TALKATIVE = List.of("22", "23", "P0");

    /** For everybody to read: nothing of what the rows hold. */
    public String says() {
        String state = failure.sqlState();
        if (state != null && TALKATIVE.stream().anyMatch(state::startsWith)) return "SQLSTATE " + state;
        return String.valueOf(failure.getMessage());
    }

    /**
     * Whether it says nothing of this way: there was no answer, it passes, or the guard on the server spoke. It is thrown on
     * then. Who took it for a way that cannot be gone would go on to the next one, which takes more back.
     */
    public boolean thrownOn() {
        String state = failure.sqlState();
        return failure.passing() || state != null && state.startsWith(GUARD);
    }
}
