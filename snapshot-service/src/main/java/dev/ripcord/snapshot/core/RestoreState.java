package dev.ripcord.snapshot.core;

import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of one restore.
 *
 * <pre>
 * Requested → Ready → Gone
 *     ╰──→ Clearing → Impossible
 * </pre>
 *
 * A ready shadow is dropped with its snapshot, or when the rollback that asked for it has ended, unless that has swapped it
 * in: then it is the live database. Nothing is left of a shadow that could not be made.
 */
public sealed interface RestoreState {

    /** The snapshot it is restored from, or what stands in its place. */
    String snapshot();

    /** One that nothing more happens to. */
    sealed interface Finished extends RestoreState {}

    /**
     * Somebody needs a shadow.
     *
     * @param scripts what is run into an empty database; null where a snapshot is restored
     * @param elsewhere whether on the second server
     */
    record Requested(String snapshot, @Nullable List<Script> scripts, boolean elsewhere) implements RestoreState {
        /** Of a snapshot, beside the live database. */
        public Requested(String snapshot) {
            this(snapshot, null, false);
        }

        Ready ready(Shadow shadow) {
            return new Ready(snapshot, shadow, scripts != null, elsewhere);
        }

        Clearing clearing(String reason) {
            return new Clearing(snapshot, reason, elsewhere);
        }
    }

    /**
     * The shadow is there.
     *
     * @param built whether scripts have built it: then it goes with its rollback alone
     */
    record Ready(String snapshot, Shadow shadow, boolean built, boolean elsewhere) implements RestoreState {
        Gone gone() {
            return new Gone(snapshot);
        }
    }

    /** There will be none; what there is of it is being removed. */
    record Clearing(String snapshot, String reason, boolean elsewhere) implements RestoreState {
        Impossible cleared() {
            return new Impossible(snapshot, reason);
        }
    }

    /** The shadow is not needed any more, and dropped. */
    record Gone(String snapshot) implements Finished {}

    /** There is none, and why. */
    record Impossible(String snapshot, String reason) implements Finished {}
}
