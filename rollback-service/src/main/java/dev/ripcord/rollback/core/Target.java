package dev.ripcord.rollback.core;

import dev.ripcord.events.Shadow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What comes back.
 *
 * @param snapshot the snapshot; for an undo the rollback that is taken back
 * @param takenAt the moment whose state comes back
 * @param copy the closed database that is swapped in; null where it must be restored first
 */
public record Target(
        String snapshot, Instant takenAt, @Nullable Shadow copy) {

    /** The same with another copy, or none. */
    public Target with(@Nullable Shadow other) {
        return new Target(snapshot, takenAt, other);
    }
}
