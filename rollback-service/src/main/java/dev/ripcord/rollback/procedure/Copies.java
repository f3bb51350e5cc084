package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.rollback.core.RollbackState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** The copies of a snapshot that a rollback has asked for, each recognised by what the id of its restore ends with. */
@ApplicationScoped
class Copies {

    private final Databases databases;

    Copies(Databases databases) {
        this.databases = databases;
    }

    /** The copy, when it is there. */
    Optional<RestoreEvent.Completed> restored(Task<RollbackState> task, String ending) {
        return newest(task, RestoreEvent.Completed.class, ending);
    }

    /** Why there will be none. */
    Optional<String> notRestored(Task<RollbackState> task, String ending) {
        Optional<String> failed = newest(task, RestoreEvent.Failed.class, ending).map(RestoreEvent.Failed::reason);
        Duration limit = databases
                .find(task.database())
                .map(EnrolledDatabase::snapshot)
                .map(EnrolledDatabase.SnapshotPolicy::limit)
                .orElse(Duration.ZERO);
        boolean late = task.inState().compareTo(limit) > 0;
        return failed.or(() -> late ? Optional.of("it was not restored in time") : Optional.empty());
    }

    private static <E extends RestoreEvent> Optional<E> newest(
            Task<RollbackState> task, Class<E> kind, String ending) {
        return task.mail().stream()
                .map(envelope -> envelope.event())
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(event -> event.restore().equals(task.id() + ending))
                .reduce((earlier, later) -> later);
    }
}
