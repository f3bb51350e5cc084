package dev.ripcord.rollback.alert;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.procedure.Judgement;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is known of a database when its alerts are looked at. */
@ApplicationScoped
class Circumstances {

    private static final Duration DAY = Duration.ofDays(1);

    /** The states of a rollback in which it waits: nothing was done yet. */
    private static final Set<String> WAITING = Set.of("Asked", "Planning", "Copying", "Approving");

    private final StateDatabase state;
    private final KnownMigrations migrations;
    private final KnownSnapshots snapshots;
    private final Judgement judgement;

    Circumstances(StateDatabase state, KnownMigrations migrations, KnownSnapshots snapshots, Judgement judgement) {
        this.state = state;
        this.migrations = migrations;
        this.snapshots = snapshots;
        this.judgement = judgement;
    }

    Guards.Known of(EnrolledDatabase database, List<Firing> firing) {
        Optional<KnownMigrations.Course> newest = migrations.newest(database.id());
        Duration cool = database.alerts().coolDown();
        List<Instant> asked = askedIn(database.id(), cool.compareTo(DAY) > 0 ? cool : DAY);
        return new Guards.Known(
                firing,
                newest.map(course -> new Guards.Migration(course.migration(), course.begun(), course.ended()))
                        .orElse(null),
                newest.flatMap(course -> other(database.id(), course.begun())).orElse(null),
                asked);
    }

    /** What the decision policy says to a request. */
    sealed interface Policy {
        record For(String reason) implements Policy {}

        record Against(String reason) implements Policy {}

        record NotYet(String reason) implements Policy {}
    }

    Policy policy(RollbackRequestEvent.Requested requested, EnrolledDatabase database) {
        Request request = Request.of(requested, false);
        Optional<KnownSnapshots.Known> snapshot =
                snapshots.meant(database.id(), null, request.migration()).filter(known -> known.problem() == null);
        if (snapshot.isEmpty()) return new Policy.Against("there is no snapshot from before " + request.migration());
        if (!snapshot.get().usable()) {
            return snapshot.get().expired()
                    ? new Policy.Against("snapshot " + snapshot.get().id() + " is expired")
                    : new Policy.NotYet("snapshot " + snapshot.get().id() + " is not proven yet");
        }
        Judgement.Judged judged = judgement.judge(request, database, snapshot.get());
        String against = judged.against();
        return against == null ? new Policy.For(judged.words()) : new Policy.Against(against);
    }

    /** Where the rollback stands that alerts asked for. */
    enum Standing {
        notThere,
        waits,
        goesOn
    }

    Standing standing(String rollback) {
        List<Row> rows = state.query(
                "select state, finished from task where kind = $1 and id = $2", RollbackProcedure.KIND, rollback);
        if (rows.isEmpty()) return Standing.notThere;
        Row row = rows.getFirst();
        return !row.getBoolean("finished") && WAITING.contains(row.getString("state"))
                ? Standing.waits
                : Standing.goesOn;
    }

    private List<Instant> askedIn(String database, Duration last) {
        return state
                .query(
                        "select created_at from task where kind = $1 and database_id = $2 and document ->> 'rollback' is not null"
                                + " and created_at > $3",
                        AlertProcedure.KIND,
                        database,
                        Instant.now().minus(last).atOffset(ZoneOffset.UTC))
                .stream()
                .map(row -> row.getOffsetDateTime("created_at").toInstant())
                .toList();
    }

    /** A rollback that is not finished, or that swapped the database, moved it or changed it where it stands since a moment. */
    private Optional<String> other(String database, Instant since) {
        return state
                .query(
                        "select id from task where kind = $1 and database_id = $2 and ((not finished and state <> 'Counting')"
                                + " or (document -> 'swapped' ->> 'at')::timestamptz > $3"
                                // without a snapshot before it, only the application was restarted
                                + " or state_since > $3 and (state = 'Moved' or state in ('PutRight', 'Doubtful') and document ->> 'snapshot' is not null)"
                                + ") limit 1",
                        RollbackProcedure.KIND,
                        database,
                        since.atOffset(ZoneOffset.UTC))
                .stream()
                .map(row -> row.getString("id"))
                .findFirst();
    }
}
