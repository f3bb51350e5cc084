package dev.ripcord.snapshot.core;

import java.util.function.Supplier;

/** Hears how far a restore is. */
@FunctionalInterface
public interface Progress {

    /** Nobody wants to know. */
    Progress UNHEARD = now -> {};

    /** From now on this says how far it is; asked every other second, on a thread of its own, until the next one is given. */
    void is(Supplier<Step> now);

    /** In a phase in which there is nothing to count. */
    default void is(String phase) {
        is(() -> new Step(phase, 0, 1, 0));
    }

    /**
     * How far it is.
     *
     * @param phase as in {@code restore.progressed}
     * @param done of {@code total}
     * @param percent of the work of this phase
     */
    record Step(String phase, int done, int total, int percent) {}
}
