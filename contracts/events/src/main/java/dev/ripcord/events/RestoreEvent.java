package dev.ripcord.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A shadow made on request, where no warm one is left. */
public sealed interface RestoreEvent extends RipcordEvent {

    /** What stands in the place of a snapshot's id begins with this where a database is built anew from scripts. */
    String REBUILD = "rebuild/";

    /** The restore's id; that of the rollback that needs it. */
    String restore();

    /**
     * A rollback needs a shadow of this snapshot, or a database built anew.
     *
     * @param snapshot the snapshot; for a database built anew {@code rebuild/} and the digest of its scripts
     * @param scripts what is run into an empty database in place of restoring a snapshot, in order; null for a snapshot
     * @param onSecondServer true where it is wanted on the second server of the database's enrolment
     */
    record Requested(
            String database,
            String restore,
            String snapshot,
            @Nullable List<Script> scripts,
            @Nullable Boolean onSecondServer)
            implements RestoreEvent {

        public Requested {
            scripts = scripts == null ? null : List.copyOf(scripts);
        }

        /** Whether it is wanted on the second server. */
        public boolean elsewhere() {
            return Boolean.TRUE.equals(onSecondServer);
        }

        /** Of a snapshot, beside the live database. */
        public Requested(String database, String restore, String snapshot) {
            this(database, restore, snapshot, null, null);
        }
    }

    /**
     * How far it is; told every other second, and so not at all of what is done sooner.
     *
     * @param phase {@code checking} the archive, {@code restoring}, {@code running} scripts, {@code analyzing}, or
     *     {@code comparing} with the manifest
     * @param done tables that are restored, or scripts that are run
     * @param total of them there are
     * @param percent of the bytes in the archive or of the scripts, 0 to 100
     * @param millis since the request
     */
    record Progressed(
            String database,
            String restore,
            String snapshot,
            String phase,
            int done,
            int total,
            int percent,
            long millis)
            implements RestoreEvent {}

    /** The shadow is there and closed; it equals the manifest, or is what the scripts make. */
    record Completed(String database, String restore, String snapshot, Shadow shadow, long millis)
            implements RestoreEvent {}

    /** There is no shadow, and why. */
    record Failed(String database, String restore, String snapshot, String reason) implements RestoreEvent {}
}
