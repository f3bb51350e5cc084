package dev.ripcord.rollback.plan;

import dev.ripcord.events.Plan.Losses;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.rollback.decision.Change;
import dev.ripcord.rollback.decision.MigrationKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found out for a plan.
 *
 * @param fingerprint of the live schema, null where it was not read
 * @param kind of what happened to the schema since
 * @param changes in detail, none where there was no copy to compare with
 */
record Findings(
        Losses losses,
        List<Obstacle> obstacles,
        @Nullable String fingerprint,
        MigrationKind kind,
        List<Change> changes) {

    Advisor.Found forAdvice() {
        return new Advisor.Found(losses.tables(), obstacles, kind, changes);
    }
}
