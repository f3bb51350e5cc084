package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What became of a partial restore. */
public sealed interface PartialRestore {

    /**
     * The tables are as they were at the snapshot, and nothing else changed.
     *
     * @param steps what was done, which may differ from the plan by what was written in between
     * @param loss per table, as it was under the locks
     * @param asPlanned whether both are what the plan said
     * @param sequences those that were put forward, with the number they reached
     * @param notes what was found and left alone
     * @param locked how long writers of the tables were held off
     */
    record Applied(
            List<PartialStep> steps,
            List<TableLoss> loss,
            boolean asPlanned,
            List<String> sequences,
            List<String> notes,
            Duration locked)
            implements PartialRestore {
        public Applied {
            steps = List.copyOf(steps);
            loss = List.copyOf(loss);
            sequences = List.copyOf(sequences);
            notes = List.copyOf(notes);
        }
    }

    /** Nothing was changed; sequences may have been put forward, never back. */
    record Failed(String reason) implements PartialRestore {}

    /**
     * The server was told to commit and did not answer: ask {@link #committed} on a new session.
     *
     * @param transaction the full transaction id
     */
    record Unknown(String transaction, String reason, Applied ifCommitted) implements PartialRestore {}

    /** Whether an act whose end nobody heard of happened after all; empty while it is still going on, or too long ago. */
    static Optional<Boolean> committed(PgSession live, Unknown unknown) {
        String status = live.query(
                        "select coalesce(pg_xact_status($1::text::xid8), '') as status", unknown.transaction())
                .getFirst()
                .getString("status");
        return switch (status) {
            case "committed" -> Optional.of(true);
            case "aborted" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
