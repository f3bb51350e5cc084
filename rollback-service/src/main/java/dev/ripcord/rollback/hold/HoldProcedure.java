package dev.ripcord.rollback.hold;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.DeliverySystem.Hold;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RollbackEvent.DeliveryHeld;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.rollback.hold.HoldState.Held;
import dev.ripcord.rollback.hold.HoldState.Resumed;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Resumes delivery when the rollback that it was paused for is over, however that ended and whoever was killed meanwhile. It
 * is written down before anything is paused, so that nothing stays paused that nobody remembers.
 */
@Singleton
class HoldProcedure implements Procedure<HoldState> {

    static final String KIND = "hold";

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

    private final Databases databases;
    private final StateDatabase state;

    HoldProcedure(Databases databases, StateDatabase state) {
        this.databases = databases;
        this.state = state;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<HoldState> states() {
        return HoldState.class;
    }

    @Override
    public Next<HoldState> advance(Task<HoldState> task) {
        return switch (task.state()) {
            case Held held -> resume(task, held);
            case Resumed resumed -> Next.end(resumed);
        };
    }

    private Next<HoldState> resume(Task<HoldState> task, Held held) {
        if (underWay(task.database())) return Next.waiting(held, LOOK_AGAIN);
        Optional<Hold> hold =
                databases.find(task.database()).map(EnrolledDatabase::delivery).map(each -> each.hold());
        if (hold.isEmpty()) {
            return told(task, "databases.yaml names nothing to resume any more; it stood before as " + held.before());
        }
        long began = System.nanoTime();
        String done = Holds.holder(hold.get(), task.database(), task.id()).resume(held.before());
        return Next.end(
                new Resumed(done),
                new Step(
                        task.database(),
                        task.id(),
                        "delivery-resumed",
                        Duration.ofNanos(System.nanoTime() - began).toMillis(),
                        done));
    }

    /** Whether a rollback of the database for which delivery was paused is not over. */
    private boolean underWay(String database) {
        return !state.query(
                        "select 1 from task held join task rollback on rollback.kind = 'rollback' and rollback.id = held.id"
                                + " where held.kind = $1 and held.database_id = $2 and not held.finished"
                                + " and not rollback.finished and rollback.state <> 'Counting' limit 1",
                        KIND,
                        database)
                .isEmpty();
    }

    private static Next<HoldState> told(Task<HoldState> task, String words) {
        return Next.end(new Resumed(words), new Step(task.database(), task.id(), "delivery-resumed", 0, words));
    }

    /** Told once, and tried again until it works. */
    @Override
    public Next<HoldState> onFailure(Task<HoldState> task, RuntimeException failure) {
        if (!(task.state() instanceof Held held)) return Next.end(task.state());
        Next<HoldState> again =
                Next.waiting(held, task.attempts() < 8 ? Procedure.backoff(task.attempts()) : TRY_AGAIN);
        if (task.attempts() != 2) return again;
        String byHand = databases
                .find(task.database())
                .map(database -> database.delivery().hold())
                .map(hold -> Holds.holder(hold, task.database(), task.id()).byHand(held.before()))
                .orElse("resume it by hand");
        return again.with(
                List.of(new DeliveryHeld(task.database(), task.id(), String.valueOf(failure.getMessage()), byHand)));
    }
}
