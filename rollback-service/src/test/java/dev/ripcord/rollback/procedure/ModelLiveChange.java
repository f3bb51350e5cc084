package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.swap.ModelServer;
import java.util.List;

/** The ways in place as no more than whether they were gone: each is drafted, rehearsed and gone as the server says. */
final class ModelLiveChange extends LiveChange {

    private static final String NOT_HERE = "it cannot be done here";

    private final ModelServer server;

    @SuppressWarnings("NullAway") // nothing here speaks to a server
    ModelLiveChange(ModelServer server) {
        super(null, null, List.of());
        this.server = server;
    }

    /** One that nobody asks to do anything. */
    private record Named(Rung rung) implements Method {

        @Override
        public boolean readsCopy() {
            return rung == Rung.schema;
        }

        @Override
        public Draft draft(Ground ground) {
            throw new AssertionError();
        }

        @Override
        public Effect act(Ground ground, Plan plan) {
            throw new AssertionError();
        }
    }

    @Override
    Method method(Rung rung) {
        return new Named(rung);
    }

    @Override
    Drafted draft(EnrolledDatabase database, Planning state, Method method, long fence) {
        return new Drafted(
                server.reads() ? new Draft.Ready(List.of(), List.of()) : new Draft.NotAvailable(NOT_HERE),
                server.identity());
    }

    @Override
    Rehearsed rehearse(EnrolledDatabase database, Rehearsing state, Method method, long fence) {
        Effect effect = server.reads() ? new Effect.Done("", List.of()) : new Effect.NotDone(NOT_HERE);
        return new Rehearsed(effect, "rehearsed");
    }

    @Override
    void endRehearsal(EnrolledDatabase database, Rehearsing state, long fence) {}

    @Override
    Effect act(EnrolledDatabase database, Changing state, Method method, long fence) {
        return server.change(state.request().rollback(), state.identity(), fence)
                ? new Effect.Done("changed", List.of())
                : new Effect.NotDone(NOT_HERE);
    }

    @Override
    boolean letGo(EnrolledDatabase database, Changing state, long fence) {
        return false;
    }
}
