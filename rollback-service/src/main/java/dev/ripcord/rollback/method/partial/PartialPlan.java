package dev.ripcord.rollback.method.partial;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.TableLoss;
import java.util.List;

/** What taking single tables back to the snapshot would do, found out by reading alone. */
public sealed interface PartialPlan {

    /**
     * It can be done.
     *
     * @param tables as they were asked for
     * @param steps in order, with counts as of now
     * @param loss per table, rows of tables that were not named included
     * @param warnings what somebody should know before they agree
     */
    record Ready(
            List<String> tables,
            PartialOptions options,
            List<PartialStep> steps,
            List<TableLoss> loss,
            List<String> warnings)
            implements PartialPlan {
        public Ready {
            tables = List.copyOf(tables);
            steps = List.copyOf(steps);
            loss = List.copyOf(loss);
            warnings = List.copyOf(warnings);
        }
    }

    /** The tables are as they were. */
    record Nothing(List<String> tables) implements PartialPlan {
        public Nothing {
            tables = List.copyOf(tables);
        }
    }

    /**
     * It cannot be done, or not without more than was asked for.
     *
     * @param reasons one sentence each, with what to do
     * @param beyond what would have to be done to tables that were not named
     */
    record Refused(List<String> reasons, List<PartialStep> beyond) implements PartialPlan {
        public Refused {
            reasons = List.copyOf(reasons);
            beyond = List.copyOf(beyond);
        }
    }

    /**
     * Compares and follows the foreign keys. Reads only, each database as of one moment, and takes no lock that a writer would wait for.
     *
     * @param live in the live database, outside a transaction
     * @param copy in a database restored from the snapshot
     * @param tables quoted with their schema, or plain names with or without it
     * @throws DatabaseFailure if a statement fails
     */
    static PartialPlan of(PgSession live, PgSession copy, List<String> tables, PartialOptions options) {
        live.execute("begin isolation level repeatable read read only");
        try {
            copy.execute("begin isolation level repeatable read read only");
            try (Draft draft = Draft.of(live, copy, tables, options)) {
                draft.compare();
                return of(draft);
            } finally {
                copy.execute("rollback");
            }
        } finally {
            live.execute("rollback");
        }
    }

    /** What follows from a comparison. */
    static PartialPlan of(Draft draft) {
        Touched touched = draft.touched;
        if (!touched.refusals.isEmpty()) {
            return new Refused(
                    List.copyOf(touched.refusals),
                    touched.differences.isEmpty()
                            ? List.of()
                            : draft.steps().stream()
                                    .filter(step -> !step.constraint().isEmpty())
                                    .toList());
        }
        if (draft.nothing()) return new Nothing(draft.tables());
        return new Ready(draft.tables(), touched.options, draft.steps(), draft.loss(), List.copyOf(touched.warnings));
    }
}
