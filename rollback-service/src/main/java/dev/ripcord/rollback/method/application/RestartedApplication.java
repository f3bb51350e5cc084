package dev.ripcord.rollback.method.application;

import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.hooks.Hooks;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import jakarta.inject.Singleton;
import java.util.List;

/** Leaves the database alone and has the application restarted or deployed again by its hook. */
@Singleton
class RestartedApplication implements Method {

    private final Hooks hooks;

    RestartedApplication(Hooks hooks) {
        this.hooks = hooks;
    }

    @Override
    public Rung rung() {
        return Rung.application;
    }

    @Override
    public boolean changesDatabase() {
        return false;
    }

    @Override
    public Draft draft(Ground ground) {
        if (ground.database().hooks().restart() == null) {
            return new Draft.NotAvailable("databases.yaml names no hook that restarts the application (hooks.restart)");
        }
        return new Draft.Ready(List.of("the database stays; the restart hook is called"), List.of());
    }

    @Override
    public Effect act(Ground ground, Plan plan) {
        String answer = hooks.call(
                ground.database().hooks().restart(),
                ground.database().id(),
                ground.request().rollback());
        return answer.startsWith("FAILED")
                ? new Effect.NotDone("the restart hook: " + answer)
                : new Effect.Done("the restart hook was " + answer, List.of());
    }
}
