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
import java.util.List;

/**
 * Notices that a rollback was about to close its database and was not heard of again: whoever should raise that alarm may
 * be dead.
 */
@ApplicationScoped
class Silence {

    private static final String SILENT = "silent rollbacks";
    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Longer than the rollback service itself waits before its own alarm. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String CLOSING = "maintenance-on";

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
        List<Row> silent = state.query(
                "select rollback, database_id, step_at from incident where outcome is null and step = $1"
                        + " and silence_told is distinct from step_at",
                CLOSING);
        Rounds.each(
                SILENT,
                silent,
                row -> databases.find(row.getString("database_id")).ifPresent(database -> look(row, database)));
    }

    private void look(Row row, EnrolledDatabase database) {
        Instant since = row.getOffsetDateTime("step_at").toInstant();
        Duration limit = PATIENCE.plus(database.rollback().fenceLimit());
        if (Instant.now().isBefore(since.plus(limit))) return;
        String rollback = row.getString("rollback");
        RollbackEvent.Overdue overdue = new RollbackEvent.Overdue(
                database.id(),
                rollback,
                "Swapping",
                since,
                limit.toSeconds(),
                true,
                "ripcord rollback reopen " + rollback + " --word " + EnrolledDatabase.REOPEN_WORD
                        + " --reason …; where the rollback service does not answer, with --database " + database.id()
                        + " --databases databases.yaml");
        tasks.record(ledger -> {
            boolean first = !ledger.query(
                            "update incident set silence_told = step_at where rollback = $1 and outcome is null and step = $2"
                                    + " and step_at = $3 and silence_told is distinct from step_at returning rollback",
                            rollback,
                            CLOSING,
                            row.getOffsetDateTime("step_at"))
                    .isEmpty();
            if (first) {
                Envelope<?> envelope = Envelope.of("/ripcord/notifier", overdue);
                messages.about(overdue).ifPresent(message -> mailroom.post(envelope, message, ledger));
            }
            return first;
        });
    }
}
