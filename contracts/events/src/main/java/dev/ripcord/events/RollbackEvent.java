package dev.ripcord.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The progress of one rollback. */
public sealed interface RollbackEvent extends RipcordEvent {

    /** The rollback's id. */
    String rollback();

    /**
     * The plan is made; where approval is not automatic, it waits for one that names its hash.
     *
     * @param dryRun whether the plan is all that was asked for: nothing waits, and the step {@code dry-run-ended} follows
     *     where an outcome would; null where it is going to be carried out
     */
    record Planned(
            String database,
            String rollback,
            Plan plan,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean dryRun)
            implements RollbackEvent {

        /** Of a plan that is going to be carried out. */
        public Planned(String database, String rollback, Plan plan) {
            this(database, rollback, plan, null);
        }

        /** Whether the plan is all that was asked for. */
        public boolean onlyShown() {
            return Boolean.TRUE.equals(dryRun);
        }
    }

    /**
     * Somebody wanted to approve and may not, or said what does not fit the plan: it does not count.
     *
     * @param approver the name that was given
     */
    record ApprovalRefused(String database, String rollback, String approver, String reason) implements RollbackEvent {}

    /**
     * One person alone has approved what several must: an emergency that is to be looked into afterwards.
     *
     * @param approver the administrator
     */
    record GlassBroken(String database, String rollback, String planHash, String approver, String reason)
            implements RollbackEvent {}

    /** The plan is approved and the procedure begins. */
    record Started(String database, String rollback, String planHash, String approvedBy) implements RollbackEvent {}

    /**
     * One step is done.
     *
     * @param step its name, for example {@code fenced} or {@code swapped}
     * @param millis how long it took
     * @param detail what it found or did, for people
     */
    record Step(String database, String rollback, String step, long millis, String detail) implements RollbackEvent {}

    /**
     * One way back is not to be had, and the next one is tried; nothing was changed.
     *
     * @param from the method that is given up
     * @param to the method that is planned next
     */
    record Fell(String database, String rollback, String from, String to, String reason) implements RollbackEvent {}

    /**
     * It is over, but the delivery of the application that was paused for it cannot be resumed.
     *
     * @param next what a person does about it
     */
    record DeliveryHeld(String database, String rollback, String reason, String next) implements RollbackEvent {}

    /**
     * It stands in a state for longer than that may last.
     *
     * @param state its name
     * @param since when it got there
     * @param limitSeconds how long the state may last
     * @param closed whether the live database may be closed meanwhile
     * @param next the next command
     */
    record Overdue(
            String database,
            String rollback,
            String state,
            Instant since,
            long limitSeconds,
            boolean closed,
            String next)
            implements RollbackEvent {}

    /**
     * It has waited for people for longer than they were given: others should be paged.
     *
     * @param waitsFor what it waits for, for people
     * @param next the next command
     */
    record Unanswered(String database, String rollback, Instant since, long limitSeconds, String waitsFor, String next)
            implements RollbackEvent {}

    /**
     * A phase took longer than was promised for this database.
     *
     * @param phase its name in {@code databases.yaml}
     */
    record TargetMissed(String database, String rollback, String phase, double targetMillis, double tookMillis)
            implements RollbackEvent {}

    /**
     * Nobody has said yet that the post-mortem of a rollback is done. Channels are told so; on Kafka it is not.
     *
     * @param endedAt when the rollback ended
     * @param next the next command
     */
    record PostMortemDue(String database, String rollback, Instant endedAt, String next) implements RollbackEvent {}

    /** Somebody says that the post-mortem is done. */
    record PostMortemDone(String database, String rollback, String doneBy) implements RollbackEvent {}

    /**
     * A person had the live database opened again as it was.
     *
     * @param approver who signed that
     * @param detail what was done, for people
     */
    record Reopened(String database, String rollback, String approver, String reason, String detail)
            implements RollbackEvent {}

    /** Each row of the failed database was compared with the snapshot: this is what was lost. */
    record LossCounted(String database, String rollback, List<TableLoss> loss, long millis) implements RollbackEvent {
        public LossCounted {
            loss = List.copyOf(loss);
        }
    }
}
