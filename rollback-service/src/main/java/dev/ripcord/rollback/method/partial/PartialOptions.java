package dev.ripcord.rollback.method.partial;

/**
 * What a request allows beyond its tables; nothing of it happens unasked.
 *
 * @param addMissingParents rows that restored rows refer to and that were deleted since come back too, only those
 * @param deleteDependents rows of other tables that refer to rows which did not exist at the snapshot are deleted
 * @param leaveDroppedColumns rows come back without the values of columns that the live database no longer has
 */
public record PartialOptions(boolean addMissingParents, boolean deleteDependents, boolean leaveDroppedColumns) {

    /** Missing parents come back; whatever else would go beyond the tables is refused. */
    public static final PartialOptions USUAL = new PartialOptions(true, false, false);
}
