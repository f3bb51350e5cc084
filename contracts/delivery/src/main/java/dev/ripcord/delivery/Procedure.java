package dev.ripcord.delivery;

import dev.ripcord.events.RipcordEvent;
import java.time.Duration;
import java.util.List;

/**
 * Work of one kind, from its first state to its last. What it does outside its own schema must be harmless when it is
 * done again: a crash repeats the step in whose middle it came.
 *
 * @param <S> the sealed family of its states, each a record that is stored as JSON
 */
public interface Procedure<S> {

    /** The kind of the tasks that it advances. */
    String kind();

    /** The sealed family of its states. */
    Class<S> states();

    /** Does the next step, on a virtual thread, while the lease is held. */
    Next<S> advance(Task<S> task);

    /** What follows when {@link #advance} threw: the same again after a while, or another way. */
    Next<S> onFailure(Task<S> task, RuntimeException failure);

    /**
     * What becomes of a task after a step.
     *
     * @param state the next state
     * @param announcements events that are written together with it
     * @param after when to go on at the latest; mail wakes it earlier
     * @param finished whether nothing is left to do
     * @param wakes the ids of other tasks of the same kind that go on at once when this is written, whatever they wait for
     */
    record Next<S>(S state, List<RipcordEvent> announcements, Duration after, boolean finished, List<String> wakes) {

        public Next {
            announcements = List.copyOf(announcements);
            wakes = List.copyOf(wakes);
        }

        /** Wakes nobody. */
        public Next(S state, List<RipcordEvent> announcements, Duration after, boolean finished) {
            this(state, announcements, after, finished, List.of());
        }

        /** On to a state, at once. */
        public static <S> Next<S> to(S state, RipcordEvent... announcements) {
            return new Next<>(state, List.of(announcements), Duration.ZERO, false);
        }

        /** Stay in a state until mail comes, or the time has passed. */
        public static <S> Next<S> waiting(S state, Duration atMost) {
            return new Next<>(state, List.of(), atMost, false);
        }

        /** Into a last state. */
        public static <S> Next<S> end(S state, RipcordEvent... announcements) {
            return new Next<>(state, List.of(announcements), Duration.ZERO, true);
        }

        /** The same with further announcements after its own. */
        public Next<S> with(List<RipcordEvent> more) {
            List<RipcordEvent> all = new java.util.ArrayList<>(announcements);
            all.addAll(more);
            return new Next<>(state, all, after, finished, wakes);
        }

        /** The same; these tasks of the same kind go on then. */
        public Next<S> waking(List<String> ids) {
            return new Next<>(state, announcements, after, finished, ids);
        }
    }

    /** How long to wait before attempt number {@code attempts}: doubling from 200 ms to 10 s. */
    static Duration backoff(int attempts) {
        return Duration.ofMillis(Math.min(10_000L, 200L << Math.min(attempts, 6)));
    }
}
