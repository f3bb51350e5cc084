package dev.ripcord.snapshot.core;

import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import java.time.Instant;

/**
 * The states of one snapshot.
 *
 * <pre>
 * Taking → Proving → Kept ────→ Expired
 *    │        ╰───→ Doubted ──────╯
 *    ╰──→ Abandoning → Failed
 * </pre>
 *
 * The gate opens with {@code Proving} and closes for good with {@code Failed} and {@code Doubted}. Only {@code Kept} is
 * offered for a rollback. Nothing of an abandoned snapshot is left when it is {@code Failed}: the live database lets
 * everybody in, and no copy stands beside it. A snapshot whose proof failed is not deleted, for a migration may have run by
 * then, and people may still find in it what they need; the shadow that was to prove it is.
 */
public sealed interface SnapshotState {

    /** The migration that waits for it. */
    String migration();

    /** The form in which it is taken, whatever the policy says by now. */
    Form form();

    /** One that is not taken yet: it can still be given up. */
    sealed interface Abandonable extends SnapshotState {
        /** Gives it up. */
        default Abandoning abandon(Refusal refusal) {
            return new Abandoning(migration(), form(), refusal.reason(), refusal.next(), false);
        }
    }

    /** One of which there is a copy. */
    sealed interface Held extends SnapshotState {
        /** What was taken. */
        Taken taken();
    }

    /** One that nothing more happens to. */
    sealed interface Finished extends SnapshotState {}

    /** A migration is about to run, and it is being taken; an attempt that was interrupted is taken up again. */
    record Taking(String migration, Form form) implements Abandonable {
        Proving proving(Taken taken) {
            return new Proving(migration, form, taken, 0);
        }
    }

    /**
     * It is taken, and restored into a shadow.
     *
     * @param failures how often that ended in a way that says neither what it came to nor that it passes
     */
    record Proving(String migration, Form form, Taken taken, int failures) implements Held {
        Proving failedOnceMore() {
            return new Proving(migration, form, taken, failures + 1);
        }

        Kept kept(Manifest manifest, Shadow shadow, Instant until) {
            return new Kept(migration, form, taken, manifest, shadow, until);
        }

        Doubted doubted(Refusal refusal, Instant until) {
            return new Doubted(migration, form, taken, refusal.reason(), refusal.next(), until, false);
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

    /**
     * It was taken and could not be proven: it is not used, but kept. What passes by itself does not lead here.
     *
     * @param until when its least retention ends
     * @param cleared whether nothing is left of the shadow that could not be made
     */
    record Doubted(String migration, Form form, Taken taken, String reason, String next, Instant until, boolean cleared)
            implements Held {
        Doubted withoutShadow() {
            return new Doubted(migration, form, taken, reason, next, until, true);
        }

        Expired expired() {
            return new Expired(migration, form, taken);
        }
    }

    /**
     * What there is of it is being removed.
     *
     * @param told whether it was said already that there is none, for the removal takes long
     */
    record Abandoning(String migration, Form form, String reason, String next, boolean told) implements SnapshotState {
        Abandoning toldBefore() {
            return new Abandoning(migration, form, reason, next, true);
        }

        Failed failed() {
            return new Failed(migration, form, reason, next);
        }
    }

    /** It was deleted after its retention. */
    record Expired(String migration, Form form, Taken taken) implements Finished {}

    /** There is none, why, and what to do about it. */
    record Failed(String migration, Form form, String reason, String next) implements Finished {}
}
