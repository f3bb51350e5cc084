package dev.ripcord.notifier.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.notifier.message.Messages;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a rollback was begun and not heard of again for longer than the rollback service lets anything last without a
 * word: whoever should raise that alarm may be dead. Where it was told that it is overdue, or waits for people, they know.
 */
@ApplicationScoped
class Silence {

    private static final String SILENT = "silent rollbacks";
    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Longer than the rollback service itself waits before its own alarm. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What was silent for longer is history, of before an update for example. */
    private static final Duration LATEST = Duration.ofDays(7);

    private static final String CLOSING = "maintenance-on";

    private static final String NOT_HEARD_OF = """
            select * from (
                select rollback, database_id, case when started_at > step_at then null else step end as step, greatest(step_at, started_at) as heard_at, silence_told from incident
                 where outcome is null and (started_at is not null or step = $1)
                   and (step is null or started_at > step_at or step !~ '^(overdue in|waits for people) ')) open
             where heard_at > $2 and silence_told is distinct from heard_at""";

    private final Databases databases;
    private final StateDatabase state;
    private final Tasks tasks;
    private final Messages messages;
    private final Mailroom mailroom;
    private final Rounds rounds = new Rounds();

    Silence(Databases databases, StateDatabase state, Tasks tasks, Messages messages, Mailroom mailroom) {
        this.databases = databases;
        this.state = state;
        this.tasks = tasks;
        this.messages = messages;
        this.mailroom = mailroom;
    }

    void start(@Observes StartupEvent event) {
        rounds.start(SILENT, EVERY, this::listen);
    }

    void stop(@Observes ShutdownEvent event) {
        rounds.stop();
    }

    private void listen() {
        List<Row> silent =
                state.query(NOT_HEARD_OF, CLOSING, Instant.now().minus(LATEST).atOffset(ZoneOffset.UTC));
        Rounds.each(
                SILENT,
                silent,
                row -> databases.find(row.getString("database_id")).ifPresent(database -> look(row, database)));
    }

    private void look(Row row, EnrolledDatabase database) {
        Instant since = row.getOffsetDateTime("heard_at").toInstant();
        String step = row.getString("step");
        Duration limit = PATIENCE.plus(longest(step, database));
        if (Instant.now().isBefore(since.plus(limit))) return;
        String rollback = row.getString("rollback");
        RollbackEvent.Overdue overdue = new RollbackEvent.Overdue(
                database.id(),
                rollback,
                state(step),
                since,
                limit.toSeconds(),
                closed(step, database),
                next(rollback, step, database));
        tasks.record(ledger -> {
            boolean first = !ledger.query(
                            "update incident set silence_told = $2 where rollback = $1 and outcome is null"
                                    + " and greatest(step_at, started_at) = $2 and silence_told is distinct from $2"
                                    + " returning rollback",
                            rollback,
                            row.getOffsetDateTime("heard_at"))
                    .isEmpty();
            if (first) {
                Envelope<?> envelope = Envelope.of("/ripcord/notifier", overdue);
                messages.about(overdue).ifPresent(message -> mailroom.post(envelope, message, ledger));
            }
            return first;
        });
    }

    /** How long the rollback service lets pass after a step before it tells of it itself: the longest that can follow. */
    private static Duration longest(@Nullable String step, EnrolledDatabase database) {
        if (inMaintenance(step)) return Duration.ofMinutes(15);
        Duration restore = database.snapshot().limit();
        Duration people = Duration.ofHours(1);
        return switch (step) {
            case CLOSING -> database.rollback().fenceLimit();
            case "restored" -> Duration.ofMinutes(2);
            case null, default -> restore.compareTo(people) > 0 ? restore : people;
        };
    }

    /** The swap is done: what was told to expect it waits for the verification. */
    private static boolean inMaintenance(@Nullable String step) {
        return switch (step) {
            case "fenced", "swapped", "opened", "verifying" -> true;
            case null, default -> false;
        };
    }

    private static boolean closed(@Nullable String step, EnrolledDatabase database) {
        return CLOSING.equals(step) || oldMayBeClosed(step, database);
    }

    /** On a second server: whether nobody may be let into the first one. */
    private static boolean oldMayBeClosed(@Nullable String step, EnrolledDatabase database) {
        EnrolledDatabase.SecondServer second = database.secondServer();
        return second != null && second.closeOld() && ("restored".equals(step) || "installed".equals(step));
    }

    private static String state(@Nullable String step) {
        if (CLOSING.equals(step)) return "Swapping";
        String silent = "not heard of since " + (step == null ? "its start" : "the step " + step);
        return silent + (inMaintenance(step) ? ", the application may be in maintenance" : "");
    }

    private static String next(String rollback, @Nullable String step, EnrolledDatabase database) {
        if (CLOSING.equals(step)) {
            return "ripcord rollback reopen " + rollback + " --word " + EnrolledDatabase.REOPEN_WORD
                    + " --reason …; where the rollback service does not answer, with --database " + database.id()
                    + " --databases databases.yaml";
        }
        String look = "see that the rollback service runs: ripcord rollback status " + rollback;
        if (oldMayBeClosed(step, database)) {
            return look + "; where the old database is closed and needed, have a superuser run in its admin database:"
                    + " select ripcord.reopen('" + database.id() + "')";
        }
        return inMaintenance(step) ? look + "; where it does not come back, end the maintenance by hand" : look;
    }
}
