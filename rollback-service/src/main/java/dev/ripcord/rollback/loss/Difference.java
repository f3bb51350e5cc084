package dev.ripcord.rollback.loss;

/**
 * What a table has more, other and fewer than in the copy.
 *
 * @param exact whether every row that could differ was compared
 */
record Difference(long inserted, long updated, long deleted, boolean exact) {

    static final Difference NONE = new Difference(0, 0, 0, true);

    /** What follows from row counts alone, and from how many rows were written since if that is known. */
    static Difference estimated(long before, long now, long written) {
        long inserted = Math.max(0, now - before);
        return new Difference(inserted, Math.max(0, written - inserted), Math.max(0, before - now), false);
    }
}
