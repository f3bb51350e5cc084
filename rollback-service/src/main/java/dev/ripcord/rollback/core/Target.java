package dev.ripcord.rollback.core;

import dev.ripcord.databases.RebuildScripts;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes back.
 *
 * @param snapshot the snapshot; for an undo the rollback that is taken back
 * @param takenAt the moment whose state comes back
 * @param copy the closed database that is swapped in; null where it must be restored first
 * @param scripts what a new database is built from in place of a snapshot; null for a snapshot
 */
public record Target(
        String snapshot,
        Instant takenAt,
        @Nullable Shadow copy,
        @Nullable List<Script> scripts) {

    /** A snapshot, or a rollback that is taken back. */
    public Target(String snapshot, Instant takenAt, @Nullable Shadow copy) {
        this(snapshot, takenAt, copy, null);
    }

    /** A database that scripts build; which ones is read when it is planned. */
    public static Target built(Instant at) {
        return new Target(RestoreEvent.REBUILD, at, null, List.of());
    }

    /** The same from these scripts. */
    public Target of(List<Script> those) {
        return new Target(RestoreEvent.REBUILD + RebuildScripts.digest(those), takenAt, null, List.copyOf(those));
    }

    /** Whether scripts build it. */
    public boolean built() {
        return scripts != null;
    }

    /** The same with another copy, or none. */
    public Target with(@Nullable Shadow other) {
        return new Target(snapshot, takenAt, other, scripts);
    }
}
