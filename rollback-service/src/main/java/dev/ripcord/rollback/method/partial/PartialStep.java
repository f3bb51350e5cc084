package dev.ripcord.rollback.method.partial;

/**
 * One step of a partial restore.
 *
 * @param table schema-qualified and quoted
 * @param constraint the foreign key that makes it necessary, empty for a table that was named
 * @param rows how many rows it writes
 */
public record PartialStep(Act act, String table, String constraint, long rows) {

    /** What is done, in this order where triggers can be held back. */
    public enum Act {
        /** Rows of a table that was not named go, for what they refer to goes. */
        DELETE_DEPENDENTS,
        /** Rows that came after the snapshot go. */
        DELETE,
        /** Rows that changed are as they were. */
        UPDATE,
        /** Rows of a table that was not named come back, for restored rows refer to them. */
        ADD_PARENTS,
        /** Rows that were deleted come back. */
        INSERT
    }
}
