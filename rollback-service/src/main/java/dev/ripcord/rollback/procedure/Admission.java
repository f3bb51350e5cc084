package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Task;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.Completed;
import dev.ripcord.rollback.core.RollbackState.Counting;
import dev.ripcord.rollback.core.RollbackState.Opened;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Undone;
import dev.ripcord.rollback.core.RollbackState.Unverified;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.core.Swapped;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import dev.ripcord.rollback.snapshots.KnownSnapshots.Known;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a request may become a rollback, and what it would bring back. */
@ApplicationScoped
class Admission {

    /** How long the news of a snapshot, or of a migration's end, may take to arrive after the request that needs it. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(10);
    /** How long somebody else's plan is waited for, which reads the copy that this rollback needs. */
    private static final Duration DRY_RUN_LIMIT = Duration.ofMinutes(1);

    private final Databases databases;
    private final KnownSnapshots snapshots;
    private final StateDatabase state;
    private final Tasks tasks;
    private final Judgement judgement;

    Admission(Databases databases, KnownSnapshots snapshots, StateDatabase state, Tasks tasks, Judgement judgement) {
        this.databases = databases;
        this.snapshots = snapshots;
        this.state = state;
        this.tasks = tasks;
        this.judgement = judgement;
    }

    sealed interface Decision {
        /** It may; {@code words} says by which rule, empty where none was asked. */
        record Admitted(Target target, String words) implements Decision {}

        record NotYet(String reason) implements Decision {}

        /** There is nothing to go back to, but it may be built anew. */
        record WithoutSnapshot(Planning next, String reason) implements Decision {}

        record Denied(String reason, String next) implements Decision {}
    }

    Decision decide(Task<RollbackState> task, RollbackProcedure procedure) {
        Request request = task.state().request();
        Optional<EnrolledDatabase> enrolled = databases.find(request.database());
        if (enrolled.isEmpty()) {
            return new Decision.Denied(
                    "database " + request.database() + " is not enrolled", "enrol it: ripcord enrol --help");
        }
        List<Row> active = state.query(
                "select id, state, coalesce(document #>> '{request,way,dryRun}', 'false') = 'true' as dry from task where kind = $1"
                        + " and database_id = $2 and id <> $3 and not finished and state not in ('Asked', 'Counting') order by dry",
                RollbackProcedure.KIND,
                request.database(),
                request.rollback());
        if (!active.isEmpty()) {
            String other = active.getFirst().getString("id");
            if (active.getFirst().getBoolean("dry") && waited(task).compareTo(DRY_RUN_LIMIT) < 0) {
                return new Decision.NotYet("dry run " + other + " makes its plan");
            }
            boolean verified = active.getFirst().getString("state").equals(Opened.class.getSimpleName());
            if (verified && other.equals(request.undoes())) {
                return new Decision.NotYet("what it undoes is being verified");
            }
            return new Decision.Denied(
                    "rollback " + other + " of this database is not finished", "ripcord rollback status " + other);
        }
        if (request.undoes() != null) return undo(task, enrolled.get(), request.undoes(), procedure);
        Optional<Decision> cooling = coolDown(enrolled.get());
        return cooling.orElseGet(() -> rollback(task, request, enrolled.get()));
    }

    private Decision rollback(Task<RollbackState> task, Request request, EnrolledDatabase database) {
        if (request.ladder().equals(List.of(Rung.rebuild))) return anew(task, request, database);
        Decision decision = toSnapshot(task, request, database);
        if (!(decision instanceof Decision.Denied denied) || request.snapshot() != null) return decision;
        Optional<Planning> rebuilding = new Asked(request).withoutSnapshot();
        if (rebuilding.isEmpty()) return decision;
        Optional<Known> other = snapshots.newestUsable(request.database());
        return other.<Decision>map(usable -> new Decision.Denied(
                        denied.reason() + "; nothing is built anew while there is snapshot " + usable.id(),
                        "ripcord rollback request " + request.database() + " --snapshot " + usable.id()
                                + " --reason …"))
                .orElseGet(() -> {
                    Judgement.Judged judged = judgement.judgeRebuild(request, database, null);
                    return judged.against() != null && !request.dryRun()
                            ? denied(task, judged)
                            : new Decision.WithoutSnapshot(rebuilding.get(), denied.reason());
                });
    }

    /** Every row is lost: not while a migration runs, and where there is a snapshot, not unless somebody overrules that. */
    private Decision anew(Task<RollbackState> task, Request request, EnrolledDatabase database) {
        Target target = Target.built(Instant.now());
        if (request.dryRun()) return new Decision.Admitted(target, "");
        Judgement.Judged judged = judgement.judgeRebuild(
                request, database, snapshots.newestUsable(request.database()).orElse(null));
        return judged.against() == null ? new Decision.Admitted(target, judged.words()) : denied(task, judged);
    }

    private static Decision denied(Task<RollbackState> task, Judgement.Judged judged) {
        return judged.open() && waited(task).compareTo(NEWS_LIMIT) < 0
                ? new Decision.NotYet("the migration's end may be on its way")
                : new Decision.Denied(String.valueOf(judged.against()), judged.next());
    }

    private Decision toSnapshot(Task<RollbackState> task, Request request, EnrolledDatabase database) {
        Duration waited = waited(task);
        Optional<Known> meant = snapshots.meant(request.database(), request.snapshot(), request.migration());
        if (meant.isEmpty()) {
            if (waited.compareTo(NEWS_LIMIT) < 0) return new Decision.NotYet("no snapshot is known");
            if (request.snapshot() == null && judgement.neverApplied(request.database(), request.migration())) {
                return new Decision.Denied(
                        "migration " + request.migration() + " was never applied, so there is nothing to go back from",
                        "name the snapshot where its moment is meant all the same: ripcord snapshots "
                                + request.database());
            }
            return new Decision.Denied(
                    "there is no snapshot that this could go back to", "ripcord snapshots " + request.database());
        }
        Known snapshot = meant.get();
        if (snapshot.problem() != null) {
            return new Decision.Denied(
                    "snapshot " + snapshot.id() + " failed: " + snapshot.problem(),
                    "name another: ripcord snapshots " + request.database());
        }
        if (snapshot.expired()) {
            return new Decision.Denied(
                    "snapshot " + snapshot.id() + " is expired",
                    "name another: ripcord snapshots " + request.database());
        }
        if (!snapshot.usable() || snapshot.takenAt() == null) {
            if (waited.compareTo(database.snapshot().limit()) < 0)
                return new Decision.NotYet("the snapshot is not proven");
            return new Decision.Denied(
                    "snapshot " + snapshot.id() + " was not proven in time", "look at the snapshot service");
        }
        Optional<String> takenBack = request.snapshot() == null && request.migration() == null
                ? takenBack(request.database(), snapshot.takenAt())
                : Optional.empty();
        if (takenBack.isPresent()) {
            return new Decision.Denied(
                    "snapshot " + snapshot.id() + ", the newest, is of a time that rollback " + takenBack.get()
                            + " has taken back",
                    "name the one that is meant: ripcord rollback request " + request.database()
                            + " --snapshot ID --reason …");
        }
        Target target = new Target(snapshot.id(), snapshot.takenAt(), snapshot.shadow());
        if (request.dryRun()) return new Decision.Admitted(target, "");
        Judgement.Judged judged = judgement.judge(request, database, snapshot);
        return judged.against() == null ? new Decision.Admitted(target, judged.words()) : denied(task, judged);
    }

    /** What a migration has against it that began only after this was admitted: half of it would be taken back. */
    Optional<Decision.Denied> overtaken(Task<RollbackState> task) {
        Request request = task.state().request();
        return databases
                .find(request.database())
                .filter(database -> !Judgement.overruled(request, database))
                .flatMap(database -> judgement.begunSince(database, task.created()))
                .map(judged -> new Decision.Denied(String.valueOf(judged.against()), judged.next()));
    }

    private static Duration waited(Task<RollbackState> task) {
        return Duration.between(task.created(), Instant.now());
    }

    /** Whether this rollback is to be undone as soon as it has ended. */
    boolean undoAsked(Task<RollbackState> task) {
        return !state.query(
                        "select 1 from task where kind = $1 and database_id = $2 and not finished"
                                + " and document #>> '{request,undoes}' = $3"
                                + " and coalesce(document #>> '{request,way,dryRun}', 'false') <> 'true' limit 1",
                        RollbackProcedure.KIND,
                        task.database(),
                        task.id())
                .isEmpty();
    }

    private Decision undo(
            Task<RollbackState> task, EnrolledDatabase database, String undoes, RollbackProcedure procedure) {
        Request request = task.state().request();
        Optional<Tasks.View<RollbackState>> found = tasks.find(procedure, undoes);
        if (found.isEmpty() || !found.get().database().equals(request.database())) {
            return new Decision.Denied(
                    "there is no rollback " + undoes + " of this database", "ripcord rollback status");
        }
        Swapped swapped;
        switch (found.get().state()) {
            case Completed completed -> swapped = completed.swapped();
            case Unverified unverified -> swapped = unverified.swapped();
            case Undone undone -> swapped = undone.swapped();
            case Counting counting -> {
                return new Decision.NotYet("what " + undoes + " lost is being counted");
            }
            case RollbackState other -> {
                return new Decision.Denied(
                        "rollback " + undoes + " has not swapped anything", "ripcord rollback status " + undoes);
            }
        }
        Optional<String> later = laterSwap(request.database(), swapped.at());
        if (later.isPresent()) {
            return new Decision.Denied(
                    "rollback " + later.get() + " came after " + undoes,
                    "undo that one first: ripcord rollback undo " + later.get());
        }
        // one that was told before is not of the database that the undo takes away
        Optional<Judgement.Judged> running = judgement.begunSince(database, swapped.at());
        if (running.isPresent() && !request.dryRun() && !Judgement.overruled(request, database)) {
            return denied(task, running.get().orOverrule(request, database));
        }
        return new Decision.Admitted(
                new Target(
                        undoes,
                        swapped.at(),
                        new Shadow(
                                swapped.keptName(), swapped.keptOid(), swapped.keptSeal(), swapped.systemIdentifier())),
                running.filter(_ -> !request.dryRun())
                        .map(judged -> request.requestedBy() + " undoes it all the same (" + request.overrides() + "): "
                                + judged.against())
                        .orElse(""));
    }

    private Optional<String> laterSwap(String database, Instant at) {
        return state
                .query(
                        "select id from task where kind = $1 and database_id = $2 and (document -> 'swapped' ->> 'at')::timestamptz > $3::timestamptz limit 1",
                        RollbackProcedure.KIND,
                        database,
                        at.atOffset(java.time.ZoneOffset.UTC))
                .stream()
                .map(row -> row.getString("id"))
                .findFirst();
    }

    /** The last rollback that was not undone, if it went back behind this moment: a snapshot of it is not the newest state. */
    private Optional<String> takenBack(String database, Instant takenAt) {
        return state.query("""
                        select back.id from (
                                   select t.id, t.document, (t.document #>> '{swapped,at}')::timestamptz as at from task t
                                    where t.kind = $1 and t.database_id = $2 and t.document ? 'swapped' and t.document #>> '{request,undoes}' is null
                                      and not exists (select from task undo where undo.kind = $1 and undo.database_id = $2
                                                         and undo.document #>> '{request,undoes}' = t.id and undo.state = 'Undone')
                                    order by at desc limit 1) back
                          cross join lateral (
                                   select taken_at from known_snapshot s
                                    where s.database_id = $2 and s.taken_at < back.at
                                      and (s.id = back.document #>> '{request,snapshot}' or s.migration = back.document #>> '{request,migration}')
                                    order by taken_at desc limit 1) target
                         where target.taken_at < $3 and back.at > $3""", RollbackProcedure.KIND, database, takenAt.atOffset(java.time.ZoneOffset.UTC)).stream()
                .map(row -> row.getString("id"))
                .findFirst();
    }

    private Optional<Decision> coolDown(EnrolledDatabase database) {
        int seconds = database.rollback().coolDownSeconds();
        if (seconds == 0) return Optional.empty();
        return state
                .query(
                        "select id from task where kind = $1 and database_id = $2 and document ? 'swapped'"
                                + " and (document -> 'swapped' ->> 'at')::timestamptz > now() - $3::int * interval '1 second' limit 1",
                        RollbackProcedure.KIND,
                        database.id(),
                        seconds)
                .stream()
                .map(row -> (Decision) new Decision.Denied(
                        "rollback " + row.getString("id") + " was less than " + seconds + " s ago",
                        "wait, or undo it: ripcord rollback undo " + row.getString("id")))
                .findFirst();
    }
}
