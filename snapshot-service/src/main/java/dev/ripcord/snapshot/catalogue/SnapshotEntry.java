package dev.ripcord.snapshot.catalogue;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.core.SnapshotState;
import dev.ripcord.snapshot.core.Taken;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot as people see it.
 *
 * @param state how far it is, in lower case
 * @param proven whether a rollback may use it
 * @param keptUntil when its least retention ends
 * @param reason why there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SnapshotEntry(
        String id,
        String database,
        String migration,
        String form,
        String state,
        boolean proven,
        Instant askedAt,
        @Nullable Instant takenAt,
        @Nullable Long bytes,
        @Nullable Long millis,
        @Nullable Long pauseMillis,
        @Nullable Shadow shadow,
        @Nullable Instant keptUntil,
        @Nullable String reason,
        @Nullable String next,
        @Nullable String problem) {

    static SnapshotEntry of(Tasks.View<SnapshotState> view) {
        SnapshotState state = view.state();
        Taken taken = switch (state) {
            case SnapshotState.Held held -> held.taken();
            case SnapshotState.Expired expired -> expired.taken();
            case SnapshotState.Taking taking -> null;
            case SnapshotState.Abandoning abandoning -> null;
            case SnapshotState.Failed failed -> null;
        };
        SnapshotState.Kept kept = state instanceof SnapshotState.Kept found ? found : null;
        SnapshotState.Doubted doubted = state instanceof SnapshotState.Doubted found ? found : null;
        SnapshotState.Failed failed = state instanceof SnapshotState.Failed found ? found : null;
        return new SnapshotEntry(
                view.id(),
                view.database(),
                state.migration(),
                state.form().name(),
                state.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT),
                kept != null,
                view.created(),
                taken == null ? null : taken.takenAt(),
                taken == null ? null : taken.bytes(),
                taken == null ? null : taken.millis(),
                taken == null ? null : taken.pauseMillis(),
                kept == null ? null : kept.shadow(),
                kept == null ? null : kept.until(),
                failed != null ? failed.reason() : doubted != null ? doubted.reason() : null,
                failed != null ? failed.next() : doubted != null ? doubted.next() : null,
                view.problem());
    }
}
