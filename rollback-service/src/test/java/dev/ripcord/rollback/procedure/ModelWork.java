package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Deadlines;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.Completed;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Finished;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Preparing;
import dev.ripcord.rollback.core.RollbackState.Undone;
import dev.ripcord.rollback.core.RollbackState.Unverified;
import dev.ripcord.rollback.core.Swapped;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.plan.ModelPlanner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the procedure asks of the server and of the service's own database, answered from a {@link World}. */
@SuppressWarnings("NullAway") // what is overridden needs nothing of what it is usually made of
final class ModelWork {

    private final World world;

    ModelWork(World world) {
        this.world = world;
    }

    Admission admission() {
        return new Admission(null, null, null, null, null) {
            @Override
            Decision decide(Task<RollbackState> task, RollbackProcedure procedure) {
                Request request = task.state().request();
                boolean busy = world.states().entrySet().stream()
                        .anyMatch(entry -> !entry.getKey().equals(request.rollback()) && atWork(entry.getValue()));
                if (busy) return new Decision.Denied("another rollback is not finished", "wait");
                if (request.undoes() != null) return undo(request.undoes());
                return new Decision.Admitted(new Target(World.SNAPSHOT, Instant.EPOCH, null), "");
            }

            @Override
            Optional<Decision.Denied> overtaken(Task<RollbackState> task) {
                return Optional.empty();
            }

            @Override
            boolean undoAsked(Task<RollbackState> task) {
                return world.states().values().stream()
                        .anyMatch(state -> !(state instanceof Finished)
                                && task.id().equals(state.request().undoes()));
            }
        };
    }

    private static boolean atWork(RollbackState state) {
        return !(state instanceof Finished || state instanceof Asked || state instanceof Counting);
    }

    private Admission.Decision undo(String undoes) {
        Optional<Swapped> swapped = world.state(undoes).flatMap(state -> switch (state) {
            case Completed completed -> Optional.of(completed.swapped());
            case Unverified unverified -> Optional.of(unverified.swapped());
            case Undone undone -> Optional.of(undone.swapped());
            case RollbackState other -> Optional.empty();
        });
        boolean last = !world.server.swaps().isEmpty()
                && world.server.swaps().getLast().equals(undoes);
        if (swapped.isEmpty() || !last) return new Admission.Decision.Denied("there is nothing to undo", "look");
        Swapped done = swapped.get();
        Shadow kept = new Shadow(done.keptName(), done.keptOid(), done.keptSeal(), done.systemIdentifier());
        return new Admission.Decision.Admitted(new Target(undoes, done.at(), kept), "");
    }

    Preparation preparation() {
        return new Preparation(null, null) {
            @Override
            Planned plan(EnrolledDatabase database, Planning state, long fence) {
                Plan plan = ModelPlanner.plan(
                        state, world.server.identity(), state.target().copy() != null);
                return new Planned(plan, world.server.identity());
            }

            @Override
            List<String> changedSince(EnrolledDatabase database, Approving state) {
                return state.identity().equals(world.server.identity()) ? List.of() : List.of("another is live");
            }

            @Override
            Readiness look(EnrolledDatabase database, Preparing state) {
                Shadow copy = state.target().copy();
                return copy != null && world.server.isSealed(copy)
                        ? new Readiness.Ready(copy)
                        : new Readiness.NoCopy("its seal is broken");
            }
        };
    }

    Versions versions() {
        return new Versions(null, null) {
            @Override
            List<RipcordEvent> afterSwap(EnrolledDatabase database, Opened state, long fence) {
                return List.of();
            }

            @Override
            List<RipcordEvent> afterEarlierSwap(EnrolledDatabase database, Opened state) {
                return List.of();
            }
        };
    }

    /** Raised of every state that lasts too long. */
    Alarms alarms(EnrolledDatabase shop) {
        return new Alarms(null, null, null, null) {
            @Override
            Optional<String> raised(Task<RollbackState> task) {
                return Deadlines.of(task.state(), shop)
                        .filter(limit -> task.inState().compareTo(limit) > 0)
                        .map(limit -> "it stood there for too long");
            }
        };
    }
}
