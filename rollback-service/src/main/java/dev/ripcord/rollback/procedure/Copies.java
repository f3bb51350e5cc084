package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The copies of a snapshot that a rollback has asked for, each recognised by what the id of its restore ends with. */
@ApplicationScoped
class Copies {

    private final Databases databases;

    Copies(Databases databases) {
        this.databases = databases;
    }

    /** The copy that is swapped in, when it is there: of this snapshot, or built from these scripts. */
    Optional<RestoreEvent.Completed> restored(Task<RollbackState> task, Target target) {
        return newest(task, RestoreEvent.Completed.class, "", target.snapshot());
    }

    /** Why there will be none. */
    Optional<String> notRestored(Task<RollbackState> task, Target target) {
        return notRestored(
                task,
                newest(task, RestoreEvent.Failed.class, "", target.snapshot()).map(RestoreEvent.Failed::reason));
    }

    /** The copy, when it is there. */
    Optional<RestoreEvent.Completed> restored(Task<RollbackState> task, String ending) {
        return newest(task, RestoreEvent.Completed.class, ending, null);
    }

    /** Why there will be none. */
    Optional<String> notRestored(Task<RollbackState> task, String ending) {
        return notRestored(
                task, newest(task, RestoreEvent.Failed.class, ending, null).map(RestoreEvent.Failed::reason));
    }

    private Optional<String> notRestored(Task<RollbackState> task, Optional<String> failed) {
        Duration limit = databases
                .find(task.database())
                .map(EnrolledDatabase::snapshot)
                .map(EnrolledDatabase.SnapshotPolicy::limit)
                .orElse(Duration.ZERO);
        boolean late = task.inState().compareTo(limit) > 0;
        return failed.or(() -> late ? Optional.of("it was not restored in time") : Optional.empty());
    }

    private static <E extends RestoreEvent> Optional<E> newest(
            Task<RollbackState> task, Class<E> kind, String ending, @Nullable String snapshot) {
        return task.mail().stream()
                .map(envelope -> envelope.event())
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> event.restore().equals(task.id() + ending))
                .filter(event -> snapshot == null || of(event).equals(snapshot))
                .reduce((earlier, later) -> later);
    }

    private static String of(RestoreEvent event) {
        return switch (event) {
            case RestoreEvent.Requested requested -> requested.snapshot();
            case RestoreEvent.Progressed progressed -> progressed.snapshot();
            case RestoreEvent.Completed completed -> completed.snapshot();
            case RestoreEvent.Failed failed -> failed.snapshot();
        };
    }
}
