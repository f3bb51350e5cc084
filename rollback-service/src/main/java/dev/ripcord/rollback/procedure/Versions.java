package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.down.SwappedVersion;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Function;

/** The migration tool's version table after a swap, where the snapshot recorded one. */
@ApplicationScoped
class Versions {

    private final KnownSnapshots snapshots;
    private final SwappedVersion swapped;

    Versions(KnownSnapshots snapshots, SwappedVersion swapped) {
        this.snapshots = snapshots;
        this.swapped = swapped;
    }

    /** What was found and done, as a step; none for an undo, which has no snapshot to go by. */
    List<RipcordEvent> afterSwap(EnrolledDatabase database, Opened state, long fence) {
        return told(
                database,
                state,
                recorded -> swapped.putRight(database, state.request().rollback(), fence, recorded));
    }

    /** What was found alone: since a swap that was made before, newer migrations may have written to the table. */
    List<RipcordEvent> afterEarlierSwap(EnrolledDatabase database, Opened state) {
        return told(database, state, recorded -> swapped.read(database, recorded));
    }

    private List<RipcordEvent> told(EnrolledDatabase database, Opened state, Function<String, Effect.Note> look) {
        Request request = state.request();
        if (request.undoes() != null) return List.of();
        return snapshots
                .meant(database.id(), state.target().snapshot(), null)
                .map(KnownSnapshots.Known::manifest)
                .map(Manifest::migrationVersion)
                .map(recorded -> {
                    Effect.Note note = look.apply(recorded);
                    return List.<RipcordEvent>of(new Step(
                            request.database(), request.rollback(), note.step(), note.millis(), note.detail()));
                })
                .orElse(List.of());
    }
}
