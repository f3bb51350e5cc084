package dev.ripcord.rollback.swap;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.AdminSession.SwapDone;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Swapped;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Fence, carry over, swap. Everything that takes time is done before the fence; between closing the live database and
 * opening the other there are only statements whose time does not grow with the data. The fence is a lock where it can be:
 * whoever connects waits behind it for some ten milliseconds, and a crash leaves nothing closed. Else it is a closed database.
 */
@ApplicationScoped
public class Swap {

    private static final Duration EACH_ACT = Duration.ofSeconds(15);

    private static final Duration QUIET = Duration.ofMillis(120);

    /** The longest that sequences may take while everybody waits: who says nothing for a second is thrown out. */
    private static final Duration SILENCE = Duration.ofMillis(300);

    /** Not at once; out of time: a statement, a lock, a transaction that was silent for too long. */
    private static final Set<String> NOT_AT_ONCE = Set.of("RC008", "57014", "55P03", "25P03");

    /** The copy has another name, or is gone; a newer owner acts. */
    private static final Set<String> NOT_OURS = Set.of("RC001", "RC002", "RC003");

    /** A server that an older version has enrolled. */
    private static final String UNDEFINED_FUNCTION = "42883";

    private final Vertx vertx;

    Swap(Vertx vertx) {
        this.vertx = vertx;
    }

    /** How the live database came to be swapped. */
    public sealed interface Done {

        /** It was swapped now, in these steps. */
        record Made(Swapped swapped, List<Step> steps) implements Done {}

        /** It had been swapped before, nobody knows how long ago. */
        record Found(Swapped swapped) implements Done {}
    }

    /**
     * Carries the swap out, or finishes one that was interrupted.
     *
     * @throws RefusedException if the server is not what it should be, or sessions do not end: nothing is swapped
     * @throws DatabaseFailure if a statement failed; ask {@link #swapped} whether the swap happened
     */
    public Done perform(EnrolledDatabase database, Swapping state, long fence) {
        Command command = new Command(state.request().rollback(), fence);
        Identity identity = state.identity();
        Shadow copy = state.copy();
        try (AdminSession admin = admin(database)) {
            Optional<Swapped> before = swapped(admin, database, command.id(), identity);
            if (before.isPresent()) {
                // the version table may have been put right when this was interrupted
                admin.open(command, admin.identify());
                return new Done.Found(before.get());
            }
            // Interrupted with the fence up: lower it, so that the live database can be looked into before it is closed
            // again.
            admin.open(command, identity);
            String copyName = admin.openPrivately(command, identity, copy.oid(), copy.seal());
            admin.rehearseCarryOver(identity, copy.oid(), state.target().snapshot());
            admin.prepareToClose();
            Act act = new Act(database, state, command, copyName);
            Times times = heldOff(admin, act).orElseGet(() -> closed(admin, act));
            Swapped swapped = swapped(admin, database, command.id(), identity)
                    .orElseThrow(() -> new IllegalStateException("The swap is committed but not recorded"))
                    .with(comesBack(state) ? Sequences.mayRepeat(times.moved()) : List.of());
            return new Done.Made(swapped, times.steps(act, swapped));
        }
    }

    /** Whether it is older than what it takes the place of: not so what an undo brings back, or scripts have built. */
    private static boolean comesBack(Swapping state) {
        return state.request().undoes() == null && !state.target().built();
    }

    private record Act(EnrolledDatabase database, Swapping state, Command command, String copyName) {}

    /** In one transaction behind which everybody waits who connects meanwhile; empty where that cannot be had at once. */
    private Optional<Times> heldOff(AdminSession admin, Act act) {
        try (PgSession live = live(act);
                PgSession restored = session(act.database(), act.copyName())) {
            Sequences sequences = Sequences.between(live, restored);
            if (sequences.taken().compareTo(SILENCE) > 0) return Optional.empty();
            LockSupport.parkNanos(QUIET.toNanos());
            long began = System.nanoTime();
            try {
                admin.holdOff(act.command(), act.state().identity(), List.of(live.processId()));
                long fenced = System.nanoTime();
                int carried = sequences.finish();
                long carriedOver = System.nanoTime();
                // ends the two sessions as well
                admin.swapHeldOff(
                        act.command(),
                        act.state().identity(),
                        act.state().copy().oid(),
                        keptName(act.database(), act.state()),
                        act.database().rollback().fenceLimit(),
                        act.state().target().snapshot());
                long open = System.nanoTime();
                LockSupport.parkNanos(QUIET.toNanos());
                return Optional.of(new Times(
                        fenced - began, carriedOver - fenced, open - carriedOver, carried, sequences.moved()));
            } catch (DatabaseFailure e) {
                if (!NOT_AT_ONCE.contains(String.valueOf(e.sqlState()))) throw e;
                admin.letGo();
                return Optional.empty();
            }
        }
    }

    /** With the live database closed, which refuses everybody who connects meanwhile. */
    private Times closed(AdminSession admin, Act act) {
        Duration limit = act.database().rollback().fenceLimit();
        Identity identity = act.state().identity();
        try (PgSession live = live(act);
                PgSession restored = session(act.database(), act.copyName())) {
            Sequences sequences = Sequences.between(live, restored);
            long began = System.nanoTime();
            requireNone(admin.closeAndEndSessions(act.command(), identity, false, List.of(live.processId()), limit));
            long fenced = System.nanoTime();
            int carried = sequences.finish();
            long carriedOver = System.nanoTime();
            admin.swap(
                    act.command(),
                    identity,
                    act.state().copy().oid(),
                    keptName(act.database(), act.state()),
                    limit,
                    act.state().target().snapshot());
            return new Times(
                    fenced - began, carriedOver - fenced, System.nanoTime() - carriedOver, carried, sequences.moved());
        }
    }

    /** How long each step took, in nanoseconds, how many sequences were set, and which were not found. */
    private record Times(long fenced, long carriedOver, long swapped, int sequences, List<String> moved) {

        List<Step> steps(Act act, Swapped done) {
            String live = act.database().server().database();
            return List.of(
                    step(act.state(), "fenced", fenced, "nobody is in " + live),
                    step(
                            act.state(),
                            "carried-over",
                            carriedOver,
                            sequences + " sequences set to what was given out meanwhile; "
                                    + (done.properties().isEmpty()
                                            ? "the database's own properties are as they were"
                                            : String.join("; ", done.properties()))),
                    step(
                            act.state(),
                            "swapped",
                            swapped,
                            act.copyName() + " is live, the failed database is kept as " + done.keptName()));
        }
    }

    /**
     * Whether this rollback has swapped, as the server itself knows it.
     *
     * @param identity of the live database that was planned for
     */
    public Optional<Swapped> swapped(EnrolledDatabase database, String rollback, Identity identity) {
        try (AdminSession admin = admin(database)) {
            return swapped(admin, database, rollback, identity);
        }
    }

    /**
     * Opens the live database where this rollback has closed it and does not know that: its own state is of an older backup.
     * The rollback cannot close it any more then.
     *
     * @param by on whose word
     * @return whether it was closed
     */
    public boolean openForgotten(EnrolledDatabase database, String rollback, String by) {
        try (AdminSession admin = admin(database)) {
            return admin.done(new Command(rollback, 0), "closed")
                    && admin.reopen(rollback, admin.identify(), by).equals("opened");
        }
    }

    /**
     * Has the live database opened again at a person's word, whoever owns the work and whatever it believes; the rollback
     * cannot close it any more.
     *
     * @return what was done, as {@link AdminSession#reopen} says it
     */
    public String reopen(EnrolledDatabase database, Swapping state, String by) {
        try (AdminSession admin = admin(database)) {
            return admin.reopen(state.request().rollback(), state.identity(), by);
        }
    }

    /**
     * Gives up before the swap: opens the live database again and closes the copy.
     *
     * @param signed who has signed that, empty where the rollback gives up by itself
     * @return the swap, if it had happened all the same
     */
    public Optional<Swapped> lowerFence(
            EnrolledDatabase database, Swapping state, long fence, Optional<ReopenAsked> signed) {
        try (AdminSession admin = admin(database)) {
            Command command = new Command(state.request().rollback(), fence);
            signed.ifPresentOrElse(
                    asked -> admin.reopen(command.id(), state.identity(), asked.approver()),
                    () -> admin.open(command, state.identity()));
            Optional<Swapped> swapped = swapped(admin, database, command.id(), state.identity());
            if (swapped.isEmpty()) closeCopy(admin, command, state);
            return swapped;
        }
    }

    /** The live database is open again: a copy that a person has removed meanwhile keeps nobody waiting for that news. */
    private static void closeCopy(AdminSession admin, Command command, Swapping state) {
        if (admin.sealOf(state.copy().oid()).isPresent()) return;
        try {
            admin.sealUnswapped(command, state.identity(), state.copy().oid());
        } catch (DatabaseFailure e) {
            if (UNDEFINED_FUNCTION.equals(e.sqlState())) {
                admin.seal(command, state.identity(), state.copy().oid());
            } else if (!NOT_OURS.contains(String.valueOf(e.sqlState()))) {
                throw e;
            }
        }
    }

    private Optional<Swapped> swapped(
            AdminSession admin, EnrolledDatabase database, String rollback, Identity identity) {
        return admin.swapDone(rollback)
                .map(done -> new Swapped(
                        done.keptName(),
                        done.kept(),
                        admin.sealOf(done.kept()).orElse("open"),
                        done.outageMillis(),
                        done.at(),
                        identity.systemIdentifier(),
                        notAsBefore(database, done)));
    }

    private List<String> notAsBefore(EnrolledDatabase database, SwapDone done) {
        List<String> all = new ArrayList<>(done.properties());
        try (PgSession live = session(database, database.server().database())) {
            Sequences.outOfReach(live).map(Sequences::mayRepeat).ifPresent(all::add);
        } catch (DatabaseFailure e) {
            all.add("whether every sequence was set is not known: " + e.getMessage());
        }
        return all;
    }

    private static void requireNone(List<String> left) {
        if (!left.isEmpty()) {
            throw new RefusedException("These sessions did not end in time: " + String.join("; ", left));
        }
    }

    private static Step step(Swapping state, String name, long nanos, String detail) {
        long millis = Duration.ofNanos(nanos).toMillis();
        return new Step(state.request().database(), state.request().rollback(), name, millis, detail);
    }

    private static String keptName(EnrolledDatabase database, Swapping state) {
        return database.failedName(state.request().shortId());
    }

    private PgSession live(Act act) {
        return session(act.database(), act.database().server().database());
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }

    private PgSession session(EnrolledDatabase database, String name) {
        return PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_ACT);
    }
}
