package dev.ripcord.notifier.intake;

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

/** Reminds people, once, of a post-mortem that nobody has said to be done. */
@ApplicationScoped
class Reminders {

    private static final String POST_MORTEMS = "post-mortems";
    private static final Duration EVERY = Duration.ofSeconds(5);

    /** What was due for longer is history, of before an update for example. */
    private static final Duration LATEST = Duration.ofDays(7);

    private final NotificationConfig config;
    private final StateDatabase state;
    private final Tasks tasks;
    private final Messages messages;
    private final Mailroom mailroom;
    private final Rounds rounds = new Rounds();

    Reminders(NotificationConfig config, StateDatabase state, Tasks tasks, Messages messages, Mailroom mailroom) {
        this.config = config;
        this.state = state;
        this.tasks = tasks;
        this.messages = messages;
        this.mailroom = mailroom;
    }

    void start(@Observes StartupEvent event) {
        rounds.start(POST_MORTEMS, EVERY, this::look);
    }

    void stop(@Observes ShutdownEvent event) {
        rounds.stop();
    }

    /** A rollback that was refused, or that takes another back, asks for none. */
    private void look() {
        Instant due = Instant.now().minus(config.postMortemAfter);
        List<Row> forgotten = state.query(
                "select rollback, database_id, outcome_at from incident where outcome in ('completed', 'failed')"
                        + " and outcome_at between $1 and $2 and not post_mortem_done and reminded_at is null limit 100",
                due.minus(LATEST).atOffset(ZoneOffset.UTC),
                due.atOffset(ZoneOffset.UTC));
        Rounds.each(POST_MORTEMS, forgotten, this::remind);
    }

    private void remind(Row row) {
        String rollback = row.getString("rollback");
        RollbackEvent.PostMortemDue due = new RollbackEvent.PostMortemDue(
                row.getString("database_id"),
                rollback,
                row.getOffsetDateTime("outcome_at").toInstant(),
                "ripcord rollback report " + rollback + "; when it is done: ripcord rollback post-mortem " + rollback);
        tasks.record(ledger -> {
            boolean first = !ledger.query(
                            "update incident set reminded_at = now() where rollback = $1 and reminded_at is null"
                                    + " and not post_mortem_done returning rollback",
                            rollback)
                    .isEmpty();
            Envelope<?> envelope = Envelope.of("/ripcord/notifier", due);
            if (first) messages.about(due).ifPresent(message -> mailroom.post(envelope, message, ledger));
            return first;
        });
    }
}
