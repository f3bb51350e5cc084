package dev.ripcord.delivery;

import org.jspecify.annotations.Nullable;

/** The service's own database is away or refused a statement. */
public class StateDatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final @Nullable String sqlState;

    StateDatabaseException(String message, @Nullable String sqlState, Throwable cause) {
        super(message, cause);
        this.sqlState = sqlState;
    }

    /** Whether a named uniqueness or another constraint of the schema refused: trying again does not help. */
    public boolean violatesConstraint() {
        return sqlState != null && sqlState.startsWith("23");
    }

    /** Whether the message names this constraint or index. */
    public boolean names(String constraint) {
        return violatesConstraint() && String.valueOf(getMessage()).contains(constraint);
    }

    /** Whether this statement was ended because two waited for each other: it changed nothing. */
    boolean deadlock() {
        return "40P01".equals(sqlState);
    }

    /** Whether it is what was to be written that cannot be, here or anywhere: a value, a constraint, or its size. */
    boolean unacceptable() {
        return sqlState != null
                && (sqlState.startsWith("22") || sqlState.startsWith("23") || sqlState.startsWith("54"));
    }
}
