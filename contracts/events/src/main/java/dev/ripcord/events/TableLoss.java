package dev.ripcord.events;

/**
 * What taking one table back loses.
 *
 * @param table schema-qualified and quoted, or {@code large objects}
 * @param inserted rows that came after the snapshot and will be gone
 * @param updated rows whose change after the snapshot will be gone
 * @param deleted rows deleted after the snapshot that come back
 * @param exact whether every row was compared; if not, the figures follow from the row counts alone
 */
public record TableLoss(String table, long inserted, long updated, long deleted, boolean exact) {}
