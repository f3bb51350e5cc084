package dev.ripcord.snapshot.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.EventHandler;
import dev.ripcord.delivery.Id;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.snapshot.core.Refusal;
import dev.ripcord.snapshot.core.RestoreProcedure;
import dev.ripcord.snapshot.core.RestoreState;
import dev.ripcord.snapshot.core.SnapshotId;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.core.SnapshotState;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records who asks for which snapshot. One run of a migration has one snapshot, asked for however often; a further one is
 * taken when the former failed or expired, or when the migration has ended since. Of a run that is old and whose end nobody
 * has told a further one would be of its middle: it is refused.
 */
@ApplicationScoped
public class Requests implements EventHandler {

    /** What a rollback puts after its id to ask for a copy that is only counted against. */
    private static final String COUNTED = "/count";

    /** The step that a rollback tells when nothing will be counted. */
    private static final String NOT_COUNTED = "loss-not-counted";

    private static final String READ = "/read";

    /** What a rehearsal puts after its id: nobody tells its end, and its copy goes with the snapshot. */
    private static final String REHEARSED = "/rehearse";

    /** The step that a rollback tells when only its plan was wanted. */
    private static final String DRY_RUN_ENDED = "dry-run-ended";

    /** The same for a copy that is compared with, for one that is swapped in, and for one that is built anew. */
    private static final List<String> NEEDED_UNTIL_THE_OUTCOME = List.of("", READ, RestoreProcedure.BUILT);

    /** Within this time, asking again for a migration means the same run of it. */
    private static final Duration ONE_RUN = Duration.ofHours(1);

    /** A run whose end was not told for so long is forgotten, not running: its database's gates do not stay closed for ever. */
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    /** What the migrations begin with that a rollback announces before it changes the database where it stands. */
    private static final String IN_PLACE = "rollback/";

    /** What the state begins with that a failed rollback tells where it surely changed nothing. */
    private static final String UNCHANGED = "unchanged";

    private static final String WITHDRAWN = "withdrawn";

    /** When its gate could open; before that, when it was asked for. */
    private static final String TAKEN_AT =
            "coalesce((t.document #>> '{taken,takenAt}')::timestamptz + (t.document #>> '{taken,millis}')::bigint * interval '1 millisecond', s.asked_at)";

    private static final String NEWEST = "select s.id, s.number, s.ended_at, " + TAKEN_AT + " as taken_at," + """
             t.finished or t.state = 'Doubted' as over, coalesce(t.state = 'Taking', false) as taking,
             t.document -> 'taken' as taken, t.document ->> 'form' as form
              from snapshot s left join task t on t.kind = $3 and t.id = s.id
             where s.database_id = $1 and s.migration = $2 order by s.number desc limit 1""";

    /** Of others that were asked for before this one, and of earlier runs of its own migration whose gate has opened. */
    private static final String RUNNING = """
            select s.id, s.database_id, s.migration, s.asked_at, s.migration = mine.migration as own
              from snapshot mine join snapshot s on s.database_id = mine.database_id and s.asked_at < mine.asked_at
              join task t on t.kind = $2 and t.id = s.id
             where mine.id = $1 and s.ended_at is null and s.released_at is null
               and not starts_with(mine.migration, $3) and not starts_with(s.migration, $3)
               and t.state in ('Taking', 'Proving', 'Kept', 'Doubted')
               and (s.migration <> mine.migration or t.state in ('Proving', 'Kept'))
               and (t.state = 'Taking' or %s > $4)
             order by s.asked_at desc limit 1""".formatted(TAKEN_AT);

    private static final String EARLIER_RUN = """
            select from snapshot mine join snapshot s on s.database_id = mine.database_id and s.migration = mine.migration and s.number < mine.number
              join task t on t.kind = $2 and t.id = s.id
             where mine.id = $1 and s.ended_at is null and s.released_at is null and t.state in ('Proving', 'Kept', 'Doubted') and %s > $3
             limit 1""".formatted(TAKEN_AT);

    private final Databases databases;
    private final StateDatabase state;
    private final Tasks tasks;

    Requests(Databases databases, StateDatabase state, Tasks tasks) {
        this.databases = databases;
        this.state = state;
        this.tasks = tasks;
    }

    @Override
    public Mail on(Envelope<?> envelope, Ledger ledger) {
        switch (envelope.event()) {
            case MigrationEvent.Started started -> started(started, envelope.time(), ledger);
            case MigrationEvent.Completed completed -> ended(completed, envelope.time(), ledger);
            case MigrationEvent.Failed failed -> ended(failed, envelope.time(), ledger);
            case MigrationEvent.Accepted accepted -> accepted(accepted, envelope.time(), ledger);
            case RollbackOutcomeEvent outcome -> outcome(outcome, envelope.time(), ledger);
            case RollbackEvent.Planned planned
            when !planned.onlyShown() -> {
                needed(planned.plan().snapshot(), planned.rollback(), ledger);
                // an undo is about the rollback, whose migration is there again after it
                ledger.query(
                                "select id from snapshot where database_id = $1 and rolled_back_by = $2",
                                planned.database(),
                                planned.plan().snapshot())
                        .forEach(row -> needed(row.getString("id"), planned.rollback(), ledger));
            }
            case RollbackEvent.LossCounted counted -> ended(counted.rollback() + COUNTED, ledger);
            case RollbackEvent.Step step
            when step.step().equals(NOT_COUNTED) -> ended(step.rollback() + COUNTED, ledger);
            case RollbackEvent.Step step
            when step.step().equals(DRY_RUN_ENDED) -> ended(step.rollback() + READ, ledger);
            case RestoreEvent.Requested requested -> requested(requested, ledger);
            default -> {
                // the other events of these topics tell others
            }
        }
        return Mail.NONE;
    }

    @Override
    public boolean begins(RipcordEvent event) {
        return event instanceof MigrationEvent.Started || event instanceof RestoreEvent.Requested;
    }

    /** The snapshot that a run of a migration which starts now asks for; empty where it has one, or waits for one. */
    Optional<String> nextSnapshot(String database, String migration) {
        Optional<Row> newest = state.query(NEWEST, database, migration, SnapshotProcedure.KIND).stream()
                .findFirst();
        if (newest.isPresent() && !over(newest.get(), Instant.now())) return Optional.empty();
        return Optional.of(SnapshotId.of(database, migration, next(newest)));
    }

    private static int next(Optional<Row> newest) {
        return newest.map(row -> row.getInteger("number")).orElse(0) + 1;
    }

    private void started(MigrationEvent.Started started, Instant at, Ledger ledger) {
        Id.require("a migration", started.migration());
        Optional<EnrolledDatabase> database = databases.find(started.database());
        if (database.isEmpty()) {
            ledger.announce(new SnapshotEvent.Failed(
                    started.database(),
                    SnapshotId.of(started.database(), started.migration(), 1),
                    started.migration(),
                    "Database " + started.database() + " is not enrolled",
                    "run ripcord enrol, write what it prints into databases.yaml, then restart the services"));
            return;
        }
        // so that of two migrations of a database one is the earlier, and the later one sees it
        ledger.query("select pg_advisory_xact_lock(hashtextextended($1, 0))::text", started.database());
        Optional<Row> newest = newest(started.database(), started.migration(), ledger);
        if (newest.isPresent() && !over(newest.get(), at)) {
            again(started, newest.get(), ledger);
            return;
        }
        int number = next(newest);
        String id = SnapshotId.of(started.database(), started.migration(), number);
        boolean first = !ledger.query(
                        "insert into snapshot (id, database_id, migration, number, asked_at)"
                                + " values ($1, $2, $3, $4, clock_timestamp())"
                                + " on conflict do nothing returning id",
                        id,
                        started.database(),
                        started.migration(),
                        number)
                .isEmpty();
        if (!first) return;
        SnapshotState.Taking taking = new SnapshotState.Taking(
                started.migration(), database.get().snapshot().form());
        ledger.start(SnapshotProcedure.KIND, id, started.database(), taking);
        ledger.announce(new SnapshotEvent.Started(
                started.database(), id, started.migration(), taking.form().name()));
    }

    /** Who says on Kafka that the same run starts waits there for the answer, and did not hear the first one. */
    private static void again(MigrationEvent.Started started, Row newest, Ledger ledger) {
        JsonObject taken = newest.getJsonObject("taken");
        if (taken == null) return;
        ledger.announce(new SnapshotEvent.Completed(
                started.database(),
                newest.getString("id"),
                started.migration(),
                newest.getString("form"),
                Instant.parse(taken.getString("takenAt")),
                taken.getLong("bytes"),
                taken.getLong("millis"),
                taken.getLong("pauseMillis")));
    }

    private static Optional<Row> newest(String database, String migration, Ledger ledger) {
        return ledger.query(NEWEST + " for update of s", database, migration, SnapshotProcedure.KIND).stream()
                .findFirst();
    }

    /**
     * Whether it is of use no more to a migration that started then: failed, expired, used by a run that has ended, or so
     * old that this must be another run, whose pipeline did not tell the end of the one before. One that is still being taken is
     * waited for, however long that lasts.
     */
    private static boolean over(Row newest, Instant startedAt) {
        if (Boolean.TRUE.equals(newest.getBoolean("over"))) return true;
        OffsetDateTime ended = newest.getOffsetDateTime("ended_at");
        if (ended != null && ended.toInstant().isBefore(startedAt)) return true;
        if (newest.getBoolean("taking")) return false;
        return newest.getOffsetDateTime("taken_at").toInstant().plus(ONE_RUN).isBefore(startedAt);
    }

    /**
     * Why a snapshot must not be taken now: another migration was asked for before, and nobody has told its end. What was
     * taken would be of its middle, and the sessions that run it would be ended for a copy. What a rollback does itself is no
     * migration.
     */
    Optional<Refusal> running(String snapshot) {
        return state
                .query(
                        RUNNING,
                        snapshot,
                        SnapshotProcedure.KIND,
                        IN_PLACE,
                        utc(Instant.now().minus(FORGOTTEN)))
                .stream()
                .map(Requests::running)
                .findFirst();
    }

    private static Refusal running(Row other) {
        String migration = other.getString("migration");
        boolean own = other.getBoolean("own");
        String end =
                gate(other.getString("database_id"), migration) + (own ? " --snapshot " + other.getString("id") : "");
        return new Refusal(
                (own ? "an earlier run of migration " : "migration ") + migration + " has asked at the gate at "
                        + other.getOffsetDateTime("asked_at").toInstant() + " and nobody has told its end",
                "wait until its pipeline tells its end, or tell it: " + end + " --completed, or " + end
                        + " --failed REASON; then ask again");
    }

    /** What a command begins with that is about a migration. */
    static String gate(String database, String migration) {
        return "ripcord gate " + database + " '" + migration.replace("'", "'\\''") + "'";
    }

    /** Whether an earlier run of the same migration may be going on: its gate has opened, and nobody has told its end. */
    boolean earlierRunGoesOn(String snapshot) {
        return !state.query(
                        EARLIER_RUN,
                        snapshot,
                        SnapshotProcedure.KIND,
                        utc(Instant.now().minus(FORGOTTEN)))
                .isEmpty();
    }

    private static void ended(MigrationEvent event, Instant at, Ledger ledger) {
        if (endedAs(event).equals(WITHDRAWN)) {
            withdrawn(event, at, ledger);
            return;
        }
        ledger.query(
                "update snapshot set ended_at = least($3, now()), ended_as = $4 where database_id = $1 and migration = $2 and ended_at is null",
                event.database(),
                event.migration(),
                utc(at),
                endedAs(event));
    }

    /** Nobody will ever declare good what never ran. Of the runs before it that says nothing. */
    private static void withdrawn(MigrationEvent event, Instant at, Ledger ledger) {
        release(ledger, ledger.query("""
                        update snapshot set ended_at = least($3, now()), ended_as = $4, released_at = coalesce(released_at, now()),
                               released_by = coalesce(released_by, 'its migration never ran')
                         where database_id = $1 and migration = $2 and ended_at is null
                           and number = (select max(number) from snapshot where database_id = $1 and migration = $2)
                        returning id""", event.database(), event.migration(), utc(at), WITHDRAWN));
    }

    /** What is remembered of an end: the type of its event, or that the migration never ran. */
    static String endedAs(MigrationEvent event) {
        return event instanceof MigrationEvent.Failed failed && failed.neverRan()
                ? WITHDRAWN
                : Catalogue.of(event).type();
    }

    /** Not what was asked for since, and not an earlier run of which nobody knows how it ended. */
    private static void accepted(MigrationEvent.Accepted accepted, Instant at, Ledger ledger) {
        release(
                ledger,
                ledger.query(
                        """
                        update snapshot s set released_at = now(), released_by = $3
                         where database_id = $1 and migration = $2 and released_at is null and asked_at < $4
                           and (ended_at is not null or number = (select max(number) from snapshot where database_id = $1 and migration = $2))
                           and not exists (select from task t where t.kind = $5 and t.id = s.id and t.state = 'Taking')
                        returning id""",
                        accepted.database(),
                        accepted.migration(),
                        accepted.acceptedBy(),
                        utc(at),
                        SnapshotProcedure.KIND));
    }

    /** Declares good what the snapshot was taken for; without effect where that was done before. */
    public void release(String snapshot, String by) {
        tasks.record(ledger -> {
            release(ledger, snapshot, by);
            return true;
        });
    }

    private static void release(Ledger ledger, String snapshot, String by) {
        release(
                ledger,
                ledger.query(
                        "update snapshot set released_at = now(), released_by = $2"
                                + " where id = $1 and released_at is null returning id",
                        snapshot,
                        by));
    }

    private static void release(Ledger ledger, List<Row> rows) {
        rows.forEach(row -> ledger.wake(SnapshotProcedure.KIND, row.getString("id")));
    }

    /**
     * Whether what the snapshot was taken for was declared good, or was gone back from so long ago as a snapshot is kept at least,
     * and no rollback goes on that is about it.
     */
    boolean released(String snapshot) {
        return state.query("""
                        select database_id, released_at, rolled_back_at from snapshot s
                         where id = $1 and (released_at is not null or rolled_back_at is not null)
                           and not exists (select from needed_snapshot n where n.snapshot = s.id
                                              and not exists (select from ended_restore e where e.restore = n.restore))""", snapshot).stream()
                .anyMatch(row -> row.getOffsetDateTime("released_at") != null
                        || databases
                                .find(row.getString("database_id"))
                                .map(database -> row.getOffsetDateTime("rolled_back_at")
                                        .plus(database.snapshot().retention())
                                        .isBefore(OffsetDateTime.now(ZoneOffset.UTC)))
                                .orElse(false));
    }

    /** The snapshot that a migration waits for. */
    Optional<String> snapshotOf(String database, String migration) {
        return run(database, migration).map(Run::snapshot);
    }

    /**
     * The newest run of a migration.
     *
     * @param snapshot that it waits for, or has waited for
     * @param endedAt when its end was told first, null where it was not
     * @param endedAs as {@link #endedAs} says it
     */
    record Run(
            String snapshot,
            @Nullable Instant endedAt,
            @Nullable String endedAs) {

        private static Run of(Row row) {
            OffsetDateTime ended = row.getOffsetDateTime("ended_at");
            return new Run(row.getString("id"), ended == null ? null : ended.toInstant(), row.getString("ended_as"));
        }
    }

    /** The newest run of a migration that has asked for a snapshot. */
    Optional<Run> run(String database, String migration) {
        return runs(database, migration, null).stream().findFirst();
    }

    /** The newest runs of a migration that have asked for a snapshot, newest first; only the one that waited for a named one. */
    List<Run> runs(String database, String migration, @Nullable String snapshot) {
        return state
                .query(
                        "select id, ended_at, ended_as from snapshot where database_id = $1 and migration = $2 and ($3::text is null or id = $3)"
                                + " order by number desc limit 50",
                        database,
                        migration,
                        snapshot)
                .stream()
                .map(Run::of)
                .toList();
    }

    private static void outcome(RollbackOutcomeEvent outcome, Instant at, Ledger ledger) {
        switch (outcome) {
            case RollbackOutcomeEvent.Completed completed -> {
                ledger.query(
                        "update snapshot set ended_at = $2, ended_as = $3 where id = $1 and ended_at is null",
                        completed.snapshot(),
                        utc(at),
                        Catalogue.of(completed).type());
                // its migration is gone: nobody will ever declare it good
                ledger.query(
                        "update snapshot set rolled_back_at = least($2, now()), rolled_back_by = $3 where id = $1",
                        completed.snapshot(),
                        utc(at),
                        completed.rollback());
            }
            case RollbackOutcomeEvent.CompletedInPlace done -> {
                // verified: what it was taken for is good
                if (done.emergencySnapshot() != null) release(ledger, done.emergencySnapshot(), done.rollback());
            }
            case RollbackOutcomeEvent.Moved moved -> {}
            case RollbackOutcomeEvent.Failed failed -> {
                if (failed.state().startsWith(UNCHANGED)) changedNothing(failed, ledger);
            }
            case RollbackOutcomeEvent.Undone undone ->
                // its migration is there again, and may have to be gone back from once more
                ledger.query(
                        "update snapshot set rolled_back_at = null, rolled_back_by = null where database_id = $1 and rolled_back_by = $2",
                        undone.database(),
                        undone.undoes());
            case RollbackOutcomeEvent.Refused refused -> changedNothing(refused, ledger);
        }
        for (String ending : NEEDED_UNTIL_THE_OUTCOME) ended(outcome.rollback() + ending, ledger);
    }

    /** The snapshot that was taken before a change in place is one of the database as it still is. */
    private static void changedNothing(RollbackOutcomeEvent outcome, Ledger ledger) {
        release(
                ledger,
                ledger.query(
                        "update snapshot set released_at = now(), released_by = $3"
                                + " where database_id = $1 and migration = $2 and released_at is null returning id",
                        outcome.database(),
                        IN_PLACE + outcome.rollback(),
                        outcome.rollback()));
    }

    /** Nobody needs any more what a restore has made; its snapshot may have waited for that. */
    private static void ended(String restore, Ledger ledger) {
        ledger.query("insert into ended_restore (restore) values ($1) on conflict do nothing", restore);
        ledger.wake(RestoreProcedure.KIND, restore);
        ledger.query("select snapshot from needed_snapshot where restore = $1", restore)
                .forEach(row -> ledger.wake(SnapshotProcedure.KIND, row.getString("snapshot")));
    }

    private static void needed(String snapshot, String restore, Ledger ledger) {
        ledger.query(
                "insert into needed_snapshot (snapshot, restore) values ($1, $2) on conflict do nothing",
                snapshot,
                restore);
    }

    /** Whether nobody needs any more what a restore has made. */
    boolean endedRestore(String restore) {
        return !state.query("select from ended_restore where restore = $1", restore)
                .isEmpty();
    }

    private void requested(RestoreEvent.Requested requested, Ledger ledger) {
        Id.require("a restore", requested.restore());
        Id.require("a snapshot", requested.snapshot());
        if (databases.find(requested.database()).isEmpty()) {
            ledger.announce(new RestoreEvent.Failed(
                    requested.database(),
                    requested.restore(),
                    requested.snapshot(),
                    "Database " + requested.database() + " is not enrolled"));
            return;
        }
        if (requested.scripts() == null && !requested.restore().endsWith(REHEARSED))
            needed(requested.snapshot(), requested.restore(), ledger);
        ledger.start(
                RestoreProcedure.KIND,
                requested.scripts() == null ? requested.restore() : requested.restore() + RestoreProcedure.BUILT,
                requested.database(),
                new RestoreState.Requested(requested.snapshot(), requested.scripts(), requested.elsewhere()));
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }
}
