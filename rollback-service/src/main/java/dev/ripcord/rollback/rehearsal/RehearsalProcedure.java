package dev.ripcord.rollback.rehearsal;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.rollback.rehearsal.RehearsalState.Asked;
import dev.ripcord.rollback.rehearsal.RehearsalState.Copying;
import dev.ripcord.rollback.rehearsal.RehearsalState.Refused;
import dev.ripcord.rollback.rehearsal.RehearsalState.Reported;
import dev.ripcord.rollback.rehearsal.RehearsalState.Running;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import dev.ripcord.rollback.snapshots.KnownSnapshots.Known;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** A rehearsal from the question to its report. */
@ApplicationScoped
public class RehearsalProcedure implements Procedure<RehearsalState> {

    public static final String KIND = "rehearsal";

    /** What the id of a restore ends with whose copy is for a rehearsal. */
    public static final String COPY = "/rehearse";

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** How long the news of a snapshot may take to arrive after the question. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(10);

    private final Databases databases;
    private final KnownSnapshots snapshots;
    private final RehearsedCopy copy;

    RehearsalProcedure(Databases databases, KnownSnapshots snapshots, RehearsedCopy copy) {
        this.databases = databases;
        this.snapshots = snapshots;
        this.copy = copy;
    }

    /** The rehearsal that a restore is for. */
    public static String rehearsalOf(String restore) {
        return restore.substring(0, restore.length() - COPY.length());
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<RehearsalState> states() {
        return RehearsalState.class;
    }

    @Override
    public Next<RehearsalState> advance(Task<RehearsalState> task) {
        return switch (task.state()) {
            case Asked asked -> snapshot(task, asked);
            case Copying copying -> copied(task, copying);
            case Running running ->
                Next.end(running.reported(copy.rehearse(database(task), task.id(), task.fence(), running)));
            case Reported reported -> Next.end(reported);
            case Refused refused -> Next.end(refused);
        };
    }

    /** One that is not proven yet will be, or not, before its copy is made. */
    private Next<RehearsalState> snapshot(Task<RehearsalState> task, Asked asked) {
        Optional<Known> meant = snapshots.meant(
                task.database(), asked.wanted().snapshot(), asked.wanted().migration());
        if (meant.isEmpty() && task.inState().compareTo(NEWS_LIMIT) < 0) return Next.waiting(asked, LOOK_AGAIN);
        if (meant.isEmpty()) {
            return Next.end(new Refused(
                    asked.wanted(),
                    "there is no snapshot to make a copy from: take one with ripcord gate " + task.database()));
        }
        Known snapshot = meant.get();
        if (snapshot.problem() != null || snapshot.expired()) {
            String why = snapshot.problem() != null ? "failed: " + snapshot.problem() : "is expired";
            return Next.end(new Refused(asked.wanted(), "snapshot " + snapshot.id() + " " + why));
        }
        return Next.to(
                asked.copying(snapshot.id()),
                new RestoreEvent.Requested(task.database(), task.id() + COPY, snapshot.id()));
    }

    private Next<RehearsalState> copied(Task<RehearsalState> task, Copying copying) {
        var completed = task.newest(RestoreEvent.Completed.class);
        if (completed.isPresent()) return Next.to(copying.copied(completed.get().shadow()));
        var failed = task.newest(RestoreEvent.Failed.class);
        if (failed.isPresent()) {
            return Next.end(new Refused(
                    copying.wanted(), "no copy could be made: " + failed.get().reason()));
        }
        return task.inState().compareTo(database(task).snapshot().limit()) > 0
                ? Next.end(new Refused(copying.wanted(), "no copy was made in time"))
                : Next.waiting(copying, LOOK_AGAIN);
    }

    /** What a rehearsal has done to its copy nobody knows after a failure: it is not gone on with. */
    @Override
    public Next<RehearsalState> onFailure(Task<RehearsalState> task, RuntimeException failure) {
        boolean known = failure instanceof RefusedException || failure instanceof DatabaseFailure;
        return switch (task.state()) {
            case Reported reported -> Next.end(reported);
            case Refused refused -> Next.end(refused);
            case RehearsalState open
            when known || task.attempts() > 0 ->
                Next.end(new Refused(open.wanted(), String.valueOf(failure.getMessage())));
            case RehearsalState open -> Next.waiting(open, Procedure.backoff(task.attempts()));
        };
    }

    private EnrolledDatabase database(Task<RehearsalState> task) {
        return databases
                .find(task.database())
                .orElseThrow(() -> new RefusedException("Database " + task.database() + " is not enrolled any more"));
    }
}
