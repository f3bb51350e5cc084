package dev.ripcord.rollback.migrations;

import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.decision.MigrationState;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far each migration got, as its pipeline told; its events may come in any order. */
@ApplicationScoped
public class KnownMigrations {

    private static final String MADE = "insert into known_migration (database_id, migration";

    /** Whether the newest question came while a run went on whose end nobody has told, for the day after which it counts as forgotten. */
    private static final String GOES_ON =
            "(known_migration.ran_from > known_migration.started_at - interval '1 day' and coalesce(known_migration.ended_at < known_migration.ran_from, true))";

    /** Whether the newest question was followed by no run. */
    private static final String UNASKED =
            "(known_migration.never_ran_at >= known_migration.started_at and coalesce(known_migration.ended_at < known_migration.started_at, true))";

    private final StateDatabase state;

    KnownMigrations(StateDatabase state) {
        this.state = state;
    }

    /**
     * One migration.
     *
     * @param state never {@code unknown} where it runs, nor where its end was told
     * @param since when it began, or ended, or when it was told that it never will
     */
    public record Known(String migration, MigrationState state, Instant since) {

        /** How long ago it ended; empty while it runs, and where it has not ended. */
        public Optional<Duration> sinceItsEnd() {
            return state == MigrationState.completed || state == MigrationState.failed
                    ? Optional.of(Duration.between(since, Instant.now()))
                    : Optional.empty();
        }
    }

    /**
     * From when to when one ran.
     *
     * @param begun its end where nobody told its beginning
     * @param ended null while it runs
     */
    public record Course(
            String migration, Instant begun, @Nullable Instant ended) {}

    /** The one of a database that began last, and not only asked at the gate. */
    public Optional<Course> newest(String database) {
        return state.query("""
                        select migration, begun, case when ended >= begun then ended end as ended
                          from (select migration, coalesce(ended_at, never_ran_at) as ended,
                                       case when %1$s and ended_at is not null then coalesce(ran_from, ended_at)
                                            when %2$s then ran_from
                                            else coalesce(started_at, ended_at, never_ran_at) end as begun
                                  from known_migration where database_id = $1
                                   and (ended_at is not null or never_ran_at is null or never_ran_at < started_at)) course
                         order by begun desc limit 1""".formatted(UNASKED, GOES_ON), database).stream()
                .map(row -> new Course(
                        row.getString("migration"),
                        row.getOffsetDateTime("begun").toInstant(),
                        Optional.ofNullable(row.getOffsetDateTime("ended"))
                                .map(OffsetDateTime::toInstant)
                                .orElse(null)))
                .findFirst();
    }

    /** Keeps what an event tells, in the transaction that records the event. What a rollback does itself is no migration. */
    public void learn(MigrationEvent event, Instant at, Ledger ledger) {
        if (event.migration().startsWith(Request.EMERGENCY)) return;
        switch (event) {
            case MigrationEvent.Started started ->
                ledger.query(
                        MADE + ", started_at) values ($1, $2, least($3, now())) on conflict (database_id, migration)"
                                // when the run before began, which the question alone says nothing of
                                + " do update set ran_from = case when " + UNASKED + " or " + GOES_ON
                                + " then known_migration.ran_from else known_migration.started_at end,"
                                + " started_at = greatest(known_migration.started_at, excluded.started_at,"
                                // by the clock that told the end of the run before, where that is ahead
                                + " case when $3 > greatest(known_migration.ended_at, known_migration.never_ran_at) then $3 end)",
                        started.database(),
                        started.migration(),
                        at.atOffset(ZoneOffset.UTC));
            case MigrationEvent.Completed completed -> ended(completed, false, at, ledger);
            case MigrationEvent.Accepted accepted -> accepted(accepted, at, ledger);
            case MigrationEvent.Failed failed
            when failed.neverRan() -> neverRan(failed.database(), failed.migration(), at, ledger);
            case MigrationEvent.Failed failed -> ended(failed, true, at, ledger);
            case MigrationEvent.SessionEnded _ -> {}
        }
    }

    /** What was told of the runs before it stays as it is. */
    private static void neverRan(String database, String migration, Instant at, Ledger ledger) {
        if (migration.startsWith(Request.EMERGENCY)) return;
        ledger.query(
                MADE + ", never_ran_at) values ($1, $2, $3) on conflict (database_id, migration) do update set"
                        + " never_ran_at = greatest(known_migration.never_ran_at, excluded.never_ran_at)",
                database,
                migration,
                at.atOffset(ZoneOffset.UTC));
    }

    /**
     * Its gate stayed closed, so that it has not run; of an earlier run whose gate has opened and whose end nobody has told that
     * says nothing, for the day after which it counts as forgotten. What was told of a snapshot before must have been learned.
     */
    public void closed(SnapshotEvent.Failed failed, Instant at, Ledger ledger) {
        boolean open = !ledger.query("""
                        select from known_snapshot s where s.taken_at is not null and (s.id = $1
                            or s.database_id = $2 and s.migration = $3 and not s.expired and s.taken_at > now() - interval '1 day'
                               and not exists (select from known_migration m where m.database_id = $2 and m.migration = $3 and greatest(m.ended_at, m.never_ran_at) >= least(s.taken_at, s.heard_at)))""", failed.snapshot(), failed.database(), failed.migration())
                .isEmpty();
        if (!open) neverRan(failed.database(), failed.migration(), at, ledger);
    }

    private static void ended(MigrationEvent event, boolean failed, Instant at, Ledger ledger) {
        ledger.query(
                MADE + ", ended_at, failed) values ($1, $2, $3, $4) on conflict (database_id, migration) do update set"
                        // it is the run that went on which has ended, and it began before it was asked for again
                        + " started_at = case when " + GOES_ON
                        + " and excluded.ended_at >= known_migration.started_at then known_migration.ran_from else known_migration.started_at end,"
                        + " failed = case when known_migration.ended_at > excluded.ended_at then known_migration.failed else excluded.failed end,"
                        + " ended_at = greatest(known_migration.ended_at, excluded.ended_at)",
                event.database(),
                event.migration(),
                at.atOffset(ZoneOffset.UTC),
                failed);
    }

    /** An end that was told before stays when it was: what has done well for days has not ended just now. */
    private static void accepted(MigrationEvent.Accepted accepted, Instant at, Ledger ledger) {
        boolean over = !ledger.query(
                        "update known_migration set failed = false where database_id = $1 and migration = $2 and ended_at is not null and ("
                                + UNASKED + " or started_at is null or ended_at >= started_at) returning migration",
                        accepted.database(),
                        accepted.migration())
                .isEmpty();
        if (!over) ended(accepted, false, at, ledger);
    }

    /** One of a database; none where its pipeline has said nothing of it. */
    public Optional<Known> find(String database, @Nullable String migration) {
        if (migration == null) return Optional.empty();
        return state
                .query("select * from known_migration where database_id = $1 and migration = $2", database, migration)
                .stream()
                .map(KnownMigrations::known)
                .findFirst();
    }

    /**
     * What a rollback to a snapshot goes back from: the migration that it was taken for. Whoever names the snapshot of one that was never
     * applied means the moment, and what has run of the others.
     */
    public Optional<Known> goneBackFrom(Request request, @Nullable String migration) {
        Optional<Known> known = find(request.database(), migration);
        boolean moment = request.snapshot() != null && !request.automatic();
        return moment
                        && known.map(Known::state)
                                .filter(MigrationState.neverApplied::equals)
                                .isPresent()
                ? newest(request.database()).flatMap(course -> find(request.database(), course.migration()))
                : known;
    }

    /** The newest of a database that has begun and whose end nobody has told. */
    public Optional<Known> running(String database) {
        return state.query("""
                        select * from known_migration where database_id = $1 and started_at is not null
                           and coalesce(greatest(ended_at, never_ran_at) < started_at, true)
                         order by started_at desc limit 1""", database).stream().map(KnownMigrations::known).findFirst();
    }

    private static Known known(Row row) {
        OffsetDateTime started = row.getOffsetDateTime("started_at");
        OffsetDateTime ended = row.getOffsetDateTime("ended_at");
        OffsetDateTime neverRan = row.getOffsetDateTime("never_ran_at");
        boolean running = started != null
                && (ended == null || ended.isBefore(started))
                && (neverRan == null || neverRan.isBefore(started));
        OffsetDateTime since = running ? started : ended == null ? neverRan : ended;
        return new Known(
                row.getString("migration"),
                running ? MigrationState.running : over(row),
                since == null ? Instant.EPOCH : since.toInstant());
    }

    private static MigrationState over(Row row) {
        if (row.getOffsetDateTime("ended_at") != null) {
            return row.getBoolean("failed") ? MigrationState.failed : MigrationState.completed;
        }
        return row.getOffsetDateTime("ran_from") == null ? MigrationState.neverApplied : MigrationState.unknown;
    }
}
