package dev.ripcord.snapshot.core;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import java.util.Optional;

/**
 * One form of snapshots. Everything it makes has a name that follows from the snapshot's id, so each call can be made
 * again after it was interrupted anywhere. What is expected to go wrong is a {@link Refusal}; an exception means that
 * nobody knows how far it came, or that it failed of something that passes, and the call is made again.
 */
public interface Provider {

    /** The form it provides. */
    Form form();

    /**
     * Takes the snapshot, or finds it; the live database lets everybody in when this returns, whatever the outcome.
     *
     * @throws dev.ripcord.databases.RefusedException if the database is not the one that was enrolled: nothing is changed
     */
    Take take(Order order);

    /** What the snapshot holds, as it was written down when it was taken. */
    Manifest manifest(Order order, Taken taken);

    /**
     * Restores the snapshot into a shadow, compares that with the manifest and closes it to everybody.
     *
     * @param shadow an id of 1 to 16 characters, which the shadow's name ends with
     * @throws java.io.UncheckedIOException if the snapshot or a folder of this service cannot be read or written just now, which says
     *     nothing of what was taken
     */
    Restoration restore(Order order, Manifest manifest, String shadow, Progress progress);

    /** As above, with nobody who wants to know how far it is. */
    default Restoration restore(Order order, Manifest manifest, String shadow) {
        return restore(order, manifest, shadow, Progress.UNHEARD);
    }

    /** Removes what an unfinished restore has left of the shadow with this id. */
    void discard(Order order, String shadow);

    /** Drops a shadow, unless the name belongs to another database by now, or the database has another name. */
    void drop(Order order, Shadow shadow);

    /**
     * Removes the snapshot and what unfinished attempts left behind, and lets everybody into the live database where an
     * attempt holds it closed.
     *
     * @param shadow an unfinished shadow's id, which is removed too
     */
    void delete(Order order, Optional<String> shadow);

    /**
     * What is asked for.
     *
     * @param snapshot its id
     * @param fence grows with each new owner of the work
     * @param elsewhere whether this is the second server of the enrolment, where the database is not yet
     */
    record Order(EnrolledDatabase database, String snapshot, long fence, boolean elsewhere) {
        /** On the server of the live database. */
        public Order(EnrolledDatabase database, String snapshot, long fence) {
            this(database, snapshot, fence, false);
        }
    }

    /** What becomes of taking. */
    sealed interface Take permits Taken, Found, Refusal {}

    /** It was there already: an earlier attempt has taken it. */
    record Found(Taken taken) implements Take {}

    /** What becomes of restoring. */
    sealed interface Restoration permits Restored, Refusal {}

    /** A shadow that equals the manifest, and is closed. */
    record Restored(Shadow shadow) implements Restoration {}
}
