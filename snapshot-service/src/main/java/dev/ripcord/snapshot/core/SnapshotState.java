package dev.ripcord.snapshot.core;

import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The states of one snapshot.
 *
 * <pre>
 * Asked → Taking → Proving → Kept → Expired
 *   ╰────────┴────────┴──→ Abandoning → Failed
 * </pre>
 *
 * The gate is open from {@code Proving} on and closed for good in {@code Failed}. Only {@code Kept} is offered for a
 * rollback. Nothing of an abandoned snapshot is left when it is {@code Failed}: the live database lets everybody in, and
 * no copy stands beside it.
 */
public sealed interface SnapshotState {

    /** The migration that waits for it. */
    String migration();

    /** The form in which it is taken, whatever the policy says by now. */
    Form form();

    /** One that can still be given up. */
    sealed interface Abandonable extends SnapshotState {
        /** What was taken of it so far. */
        default @Nullable Taken taken() {
            return null;
        }

        /** Gives it up. */
        default Abandoning abandon(Refusal refusal) {
            return new Abandoning(migration(), form(), taken(), refusal.reason(), refusal.next());
        }
    }

    /** One that is taken: the gate is open. */
    sealed interface Held extends SnapshotState {
        /** What was taken. */
        Taken taken();
    }

    /** One that nothing more happens to. */
    sealed interface Finished extends SnapshotState {}

    /** A migration is about to run. */
    record Asked(String migration, Form form) implements Abandonable {
        Taking taking() {
            return new Taking(migration, form);
        }
    }

    /** It is being taken; an attempt that was interrupted is taken up again. */
    record Taking(String migration, Form form) implements Abandonable {
        Proving proving(Taken taken) {
            return new Proving(migration, form, taken);
        }
    }

    /** It is taken, and restored into a shadow. */
    record Proving(String migration, Form form, Taken taken) implements Abandonable, Held {
        Kept kept(Manifest manifest, Shadow shadow, Instant until) {
            return new Kept(migration, form, taken, manifest, shadow, until);
        }
    }

    /**
     * It is proven.
     *
     * @param shadow that was made to prove it
     * @param until when its least retention ends
     */
    record Kept(String migration, Form form, Taken taken, Manifest manifest, Shadow shadow, Instant until)
            implements Held {
        Expired expired() {
            return new Expired(migration, form, taken);
        }
    }

    /** What there is of it is being removed. */
    record Abandoning(String migration, Form form, @Nullable Taken taken, String reason, String next)
            implements SnapshotState {
        Failed failed() {
            return new Failed(migration, form, reason, next);
        }
    }

    /** It was deleted after its retention. */
    record Expired(String migration, Form form, Taken taken) implements Finished {}

    /** There is none, why, and what to do about it. */
    record Failed(String migration, Form form, String reason, String next) implements Finished {}
}
