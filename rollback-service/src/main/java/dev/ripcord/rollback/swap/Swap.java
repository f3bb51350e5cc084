package dev.ripcord.rollback.swap;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Swapped;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Fence, carry over, swap. Everything that takes time is done before the fence; between closing the live database and
 * opening the other there are only statements whose time does not grow with the data.
 */
@ApplicationScoped
public class Swap {

    private static final Duration EACH_ACT = Duration.ofSeconds(15);

    private final Vertx vertx;

    Swap(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What was done, and the steps to tell. */
    public record Done(Swapped swapped, List<Step> steps) {}

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
        List<Step> steps = new ArrayList<>();
        try (AdminSession admin = admin(database)) {
            Optional<Swapped> before = swapped(admin, database, state);
            if (before.isPresent()) return new Done(before.get(), steps);
            // Interrupted with the fence up: lower it, so that the live database can be looked into before it is closed
            // again.
            admin.open(command, identity);
            String copyName = admin.openPrivately(command, identity, copy.oid(), copy.seal());
            admin.prepareToClose();
            try (PgSession live = session(database, database.server().database());
                    PgSession restored = session(database, copyName)) {
                Sequences sequences = Sequences.between(live, restored);
                long began = System.nanoTime();
                requireNone(admin.closeAndEndSessions(
                        command,
                        identity,
                        false,
                        List.of(live.processId()),
                        database.rollback().fenceLimit()));
                long fenced = System.nanoTime();
                int carried = sequences.carryOver();
                long carriedOver = System.nanoTime();
                String keptName = database.failedName(state.request().shortId());
                // ends the two sessions as well
                admin.swap(
                        command, identity, copy.oid(), keptName, database.rollback().fenceLimit());
                long swappedAt = System.nanoTime();
                steps.add(step(
                        state,
                        "fenced",
                        fenced - began,
                        "nobody is in " + database.server().database()));
                steps.add(step(
                        state,
                        "carried-over",
                        carriedOver - fenced,
                        carried + " sequences set to what was given out meanwhile"));
                steps.add(step(
                        state,
                        "swapped",
                        swappedAt - carriedOver,
                        copyName + " is live, the failed database is kept as " + keptName));
            }
            Swapped swapped = swapped(admin, database, state)
                    .orElseThrow(() -> new IllegalStateException("The swap is committed but not recorded"));
            return new Done(swapped, steps);
        }
    }

    /** Whether this rollback has swapped, as the server itself knows it. */
    public Optional<Swapped> swapped(EnrolledDatabase database, Swapping state) {
        try (AdminSession admin = admin(database)) {
            return swapped(admin, database, state);
        }
    }

    /**
     * Gives up before the swap: opens the live database again and closes the copy.
     *
     * @return the swap, if it had happened all the same
     */
    public Optional<Swapped> lowerFence(EnrolledDatabase database, Swapping state, long fence) {
        try (AdminSession admin = admin(database)) {
            Command command = new Command(state.request().rollback(), fence);
            admin.open(command, state.identity());
            Optional<Swapped> swapped = swapped(admin, database, state);
            if (swapped.isEmpty() && admin.sealOf(state.copy().oid()).isEmpty()) {
                admin.seal(command, state.identity(), state.copy().oid());
            }
            return swapped;
        }
    }

    private static Optional<Swapped> swapped(AdminSession admin, EnrolledDatabase database, Swapping state) {
        String rollback = state.request().rollback();
        return admin.swapDone(rollback)
                .map(done -> new Swapped(
                        database.failedName(state.request().shortId()),
                        state.identity().oid(),
                        admin.sealOf(state.identity().oid()).orElse("open"),
                        done.outageMillis(),
                        done.at(),
                        state.identity().systemIdentifier()));
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

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }

    private PgSession session(EnrolledDatabase database, String name) {
        return PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_ACT);
    }
}
