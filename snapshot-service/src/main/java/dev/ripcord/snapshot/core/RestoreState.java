package dev.ripcord.snapshot.core;

import dev.ripcord.events.Shadow;

/**
 * The states of one restore.
 *
 * <pre>
 * Requested → Ready → Gone
 *     ╰──→ Impossible
 * </pre>
 *
 * A ready shadow is dropped with its snapshot, unless a rollback has swapped it in: then it is the live database.
 */
public sealed interface RestoreState {

    /** The snapshot it is restored from. */
    String snapshot();

    /** One that nothing more happens to. */
    sealed interface Finished extends RestoreState {}

    /** Somebody needs a shadow. */
    record Requested(String snapshot) implements RestoreState {
        Ready ready(Shadow shadow) {
            return new Ready(snapshot, shadow);
        }

        Impossible impossible(String reason) {
            return new Impossible(snapshot, reason);
        }
    }

    /** The shadow is there. */
    record Ready(String snapshot, Shadow shadow) implements RestoreState {
        Gone gone() {
            return new Gone(snapshot);
        }
    }

    /** The snapshot has expired, and the shadow with it. */
    record Gone(String snapshot) implements Finished {}

    /** There is none, and why. */
    record Impossible(String snapshot, String reason) implements Finished {}
}
