package dev.ripcord.rollback.core;

import dev.ripcord.databases.Identity;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a rollback stands. Each state has only the ways on that are legal.
 *
 * <pre>
 *          Copying ←───────────────────────────────────────────────╮ the next rung; also from Preparing and Restoring
 *             ⇅                                                    │
 * Asked → Planning → Approving ┬→ Securing → Rehearsing → Changing ┴→ Changed → PutRight
 *             ↓                │                                         ╰──→ Doubtful
 *          Planned             ├→ Moving → Installing → PointedTo → Moved
 *                              ╰→ Preparing ⇄ Restoring
 *                                     ↓
 *                                 Announcing
 *                                     ↓
 *                                 Swapping → Opened → Counting → Completed
 *                                     │        ├──→ Undone
 *                                     ↓        ╰──→ Unverified
 *                                 Abandoning → Failed
 * </pre>
 *
 * Whatever is cancelled, refused, or has no rung left becomes {@code Refused}.
 *
 * Up to and including {@code Announcing} the live database is untouched. {@code Swapping} closes it for a moment; every way
 * out of it opens a database under the live name: the old one by {@code Abandoning}, the restored one by {@code Opened}.
 * Where an older backup of a state before it was put back after the swap, the server still knows: {@link BeforeSwap}.
 */
public sealed interface RollbackState {

    Request request();

    /** A state that a cancellation ends, with nothing changed. */
    sealed interface Cancellable extends RollbackState {
        default Refused refuse(String reason, String next) {
            return new Refused(request(), reason, next);
        }
    }

    /** A state that has a plan and knows of no swap; restored from an older backup, it may have swapped all the same. */
    sealed interface BeforeSwap extends Cancellable {
        Target target();

        Plan plan();

        Identity identity();

        default Opened swappedAllTheSame(Swapped swapped) {
            return new Opened(request(), target(), plan(), swapped);
        }
    }

    /** A state with nothing left to do. */
    sealed interface Finished extends RollbackState {}

    /**
     * It arrived.
     *
     * @param waitsFor what keeps it from being admitted, in words; null where it was not looked at yet
     */
    record Asked(Request request, @Nullable String waitsFor) implements Cancellable {
        public Asked(Request request) {
            this(request, null);
        }

        public Asked waitingFor(String what) {
            return new Asked(request, what);
        }

        public Optional<Planning> withoutSnapshot() {
            return Planning.rebuilding(request, new Target("", Instant.EPOCH, null));
        }

        public Planning admitted(Target target) {
            return new Planning(request, target, 0, null);
        }
    }

    /**
     * It may go on; what it would do is being found out.
     *
     * @param step of the request's ladder, from 0
     * @param reading a copy of the snapshot to compare with, null where there is none yet
     */
    record Planning(
            Request request,
            Target target,
            int step,
            @Nullable Shadow reading) implements Cancellable {
        public Rung rung() {
            return request.ladder().get(step);
        }

        public Optional<Planning> fallen() {
            return step + 1 < request.ladder().size()
                    ? Optional.of(new Planning(request, target, step + 1, reading))
                    : Optional.empty();
        }

        /** The same with the scripts that would be run. */
        public Planning of(List<Script> scripts) {
            return new Planning(request, target.of(scripts), step, reading);
        }

        /** What is left where there is no snapshot: to build the database anew, if that was asked for. */
        static Optional<Planning> rebuilding(Request request, Target target) {
            int step = request.ladder().indexOf(Rung.rebuild);
            return step < 0 || target.built()
                    ? Optional.empty()
                    : Optional.of(new Planning(request, Target.built(Instant.now()), step, null));
        }

        public Copying copying() {
            return new Copying(request, target, step);
        }

        public Approving planned(Plan plan, Identity identity) {
            return new Approving(request, target, plan, identity, this);
        }

        public Planned shown(Plan plan) {
            return new Planned(request, plan);
        }
    }

    /** A copy is being made that the live database can be compared with. */
    record Copying(Request request, Target target, int step) implements Cancellable {
        public Planning copied(@Nullable Shadow copy) {
            return new Planning(request, target, step, copy);
        }
    }

    /** The plan waits for whoever must approve it. */
    record Approving(Request request, Target target, Plan plan, Identity identity, Planning planning)
            implements BeforeSwap {
        public Preparing approved(String by) {
            return new Preparing(request, target, plan, identity, by);
        }

        public Moving approvedElsewhere() {
            return new Moving(request, target, plan);
        }

        public Securing approvedInPlace() {
            return new Securing(request, plan, identity, planning);
        }
    }

    /** Before the live database is changed where it stands, a snapshot of it is taken and proven. */
    record Securing(Request request, Plan plan, Identity identity, Planning planning) implements Cancellable {
        public Rehearsing secured(String snapshot, Shadow copy) {
            return new Rehearsing(request, plan, identity, planning, snapshot, copy);
        }

        public Changing withoutSnapshot() {
            return new Changing(request, plan, identity, planning, null, null);
        }
    }

    /**
     * What is to be done to the live database is done to a copy of it first, and taken back there.
     *
     * @param snapshot of the live database as it is now
     * @param copy its proven copy, which is not trusted any more afterwards
     */
    record Rehearsing(Request request, Plan plan, Identity identity, Planning planning, String snapshot, Shadow copy)
            implements Cancellable {
        public Changing rehearsed(String said) {
            return new Changing(request, plan, identity, planning, snapshot, said);
        }

        public Failed failed(String reason, String next) {
            return new Failed(request, reason, next);
        }
    }

    /**
     * The live database is changed where it stands, in one transaction. It can no longer be cancelled.
     *
     * @param rehearsal how it went on the copy, null where the database is not changed
     */
    record Changing(
            Request request,
            Plan plan,
            Identity identity,
            Planning planning,
            @Nullable String snapshot,
            @Nullable String rehearsal)
            implements RollbackState {
        public Changed changed(List<String> details, List<TableLoss> loss) {
            return new Changed(request, plan, snapshot, details, loss);
        }

        public Failed failed(String reason, String next) {
            return new Failed(request, reason, next);
        }
    }

    /** It is changed; it is being verified. */
    record Changed(Request request, Plan plan, @Nullable String snapshot, List<String> details, List<TableLoss> loss)
            implements RollbackState {
        public PutRight verified() {
            return new PutRight(request, snapshot);
        }

        public Doubtful doubtful(String reason, String next) {
            return new Doubtful(request, snapshot, reason, next);
        }
    }

    /** The snapshot is being restored on the second server; nobody can connect to it there yet. */
    record Moving(Request request, Target target, Plan plan) implements Cancellable {
        public Installing restored(Shadow copy) {
            return new Installing(request, target.with(copy), plan, copy);
        }
    }

    /** The old database is closed if the policy says so, and the other is opened under its name. It can not be cancelled. */
    record Installing(Request request, Target target, Plan plan, Shadow copy) implements RollbackState {
        public PointedTo installed(List<String> notBrought, boolean oldClosed) {
            return new PointedTo(request, target, notBrought, oldClosed);
        }

        public Failed failed(String reason, String next) {
            return new Failed(request, reason, next);
        }
    }

    /** It is open on the second server, and the application is to be pointed there, by a call or by a person. */
    record PointedTo(Request request, Target target, List<String> notBrought, boolean oldClosed)
            implements RollbackState {
        public Moved moved() {
            return new Moved(request, oldClosed);
        }

        public Failed failed(String reason, String next) {
            return new Failed(request, reason, next);
        }
    }

    /** A closed copy is looked for; the live database still serves. */
    record Preparing(Request request, Target target, Plan plan, Identity identity, String approvedBy)
            implements BeforeSwap {
        public Restoring restoring() {
            return new Restoring(request, target.with(null), plan, identity, approvedBy);
        }

        public Optional<Planning> withoutCopy() {
            return Planning.rebuilding(request, target);
        }

        public Announcing prepared(Shadow copy) {
            return new Announcing(request, target.with(copy), plan, identity, copy);
        }
    }

    /** The application is being told that its database will be closed; if it comes to nothing, it is told that too. */
    record Announcing(Request request, Target target, Plan plan, Identity identity, Shadow copy) implements BeforeSwap {
        public Swapping announced() {
            return new Swapping(request, target, plan, identity, copy);
        }
    }

    /** A copy is being made; the live database still serves. */
    record Restoring(Request request, Target target, Plan plan, Identity identity, String approvedBy)
            implements BeforeSwap {
        public Preparing restored(Shadow copy) {
            return new Preparing(request, target.with(copy), plan, identity, approvedBy);
        }

        public Optional<Planning> withoutCopy() {
            return Planning.rebuilding(request, target);
        }
    }

    /** Fence, carry over, swap: the live database is closed. It can no longer be cancelled. */
    record Swapping(Request request, Target target, Plan plan, Identity identity, Shadow copy)
            implements RollbackState {
        public Opened swapped(Swapped swapped) {
            return new Opened(request, target, plan, swapped);
        }

        public Abandoning abandon(String reason) {
            return new Abandoning(request, this, reason);
        }
    }

    /** The restored database is live and open; it is being verified. */
    record Opened(Request request, Target target, Plan plan, Swapped swapped) implements RollbackState {
        public Counting verified() {
            return new Counting(request, target, swapped);
        }

        public Undone undone() {
            return new Undone(request, swapped);
        }

        public Unverified unverified(String reason, String next) {
            return new Unverified(request, swapped, reason, next);
        }
    }

    /** The outcome is told; what was lost is being counted row by row. */
    record Counting(Request request, Target target, Swapped swapped) implements RollbackState {
        public Completed counted(Swapped sealed) {
            return new Completed(request, sealed);
        }
    }

    /** It is given up before the swap; the live database is being opened again. */
    record Abandoning(Request request, Swapping given, String reason) implements RollbackState {
        public Opened swappedAllTheSame(Swapped swapped) {
            return given.swapped(swapped);
        }

        public Failed abandoned(String next) {
            return new Failed(request, reason, next);
        }
    }

    /** The database is back at the snapshot. */
    record Completed(Request request, Swapped swapped) implements Finished {}

    /** The database that had failed is live again. */
    record Undone(Request request, Swapped swapped) implements Finished {}

    /**
     * The database is back at the snapshot, but a check failed or could not be carried out.
     *
     * @param next what to do now, null where it ended before that was kept
     */
    record Unverified(
            Request request,
            Swapped swapped,
            String reason,
            @Nullable String next) implements Finished {}

    /** The application uses the snapshot on the second server; the old database is where it was. */
    record Moved(Request request, boolean oldClosed) implements Finished {}

    /** Only the plan was wanted. */
    record Planned(Request request, Plan plan) implements Finished {}

    /** The live database was put right where it stands. */
    record PutRight(Request request, @Nullable String snapshot) implements Finished {}

    /**
     * The live database was changed where it stands, but a check failed or could not be carried out.
     *
     * @param next as of {@link Unverified}
     */
    record Doubtful(
            Request request,
            @Nullable String snapshot,
            String reason,
            @Nullable String next) implements Finished {}

    /**
     * It was given up; the live database is as it was.
     *
     * @param next as of {@link Unverified}
     */
    record Failed(Request request, String reason, @Nullable String next) implements Finished {}

    /** It was not begun; the live database is as it was. */
    record Refused(Request request, String reason, String next) implements Finished {}
}
