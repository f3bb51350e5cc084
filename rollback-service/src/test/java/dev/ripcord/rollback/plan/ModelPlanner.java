package dev.ripcord.rollback.plan;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.method.Draft;
import java.time.Instant;
import java.util.List;

/** Plans what is drafted, and knows nothing more of it. */
public final class ModelPlanner extends Planner {

    @SuppressWarnings("NullAway") // nothing here speaks to a server
    public ModelPlanner() {
        super(null, null, null, null, null);
    }

    @Override
    public Plan inPlace(EnrolledDatabase database, Planning state, Identity identity, Draft.Ready draft) {
        return plan(state, identity, false);
    }

    /** A plan that is another for each rollback, each of its rungs and each live database. */
    public static Plan plan(Planning state, Identity identity, boolean warm) {
        String hash = state.request().rollback() + " " + state.rung() + "@" + identity.oid();
        return new Plan(
                state.rung().name(),
                state.target().snapshot(),
                Instant.EPOCH,
                true,
                warm,
                List.of(),
                100,
                "word",
                EnrolledDatabase.WORD,
                hash);
    }
}
