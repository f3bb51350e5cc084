package dev.ripcord.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Blocking;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Takes events in: each is recorded in one transaction with what the service makes of it, and acknowledged then. One
 * that was seen before changes nothing. One that nobody can read is passed on to its dead-letter topic, once and with the
 * reason, and its partition goes on. While the service's own database is away, it waits.
 */
@ApplicationScoped
public class Inbox {

    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final long RETRY_MILLIS = 1000;

    /** What other work needs passes, in some minutes; what an event itself needs of the stack does not. */
    private static final int TRIES_WITHOUT_MEMORY = 12;

    private static final long LONGEST_RETRY_MILLIS = 30_000;

    private static final Duration TOO_LATE = Duration.ofDays(1);

    /**
     * What the source of an event begins with that somebody said over HTTP, who was asked for a token: the name in it is his
     * own. No record from Kafka may claim it.
     */
    public static final String FROM_PEOPLE = "/ripcord/people/";

    private final StateDatabase database;
    private final Announcer announcer;
    private final Ledgers ledgers;
    private final EventHandler handler;
    private final WakeUp wakeUp;
    private final MeterRegistry metrics;
    private final Set<String> readAlong;

    Inbox(
            StateDatabase database,
            Announcer announcer,
            Ledgers ledgers,
            EventHandler handler,
            WakeUp wakeUp,
            MeterRegistry metrics,
            @ConfigProperty(name = "ripcord.read-along") Optional<List<String>> readAlong) {
        this.database = database;
        this.announcer = announcer;
        this.ledgers = ledgers;
        this.handler = handler;
        this.wakeUp = wakeUp;
        this.metrics = metrics;
        this.readAlong = Set.copyOf(readAlong.orElse(List.of()));
    }

    /** One record from Kafka. */
    @Incoming("events")
    @Blocking
    void on(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        int without = 0;
        boolean tooDeep = false;
        while (true) {
            try {
                if (!tooDeep && without < TRIES_WITHOUT_MEMORY) take(record);
                else deadLetter(record, "cannot be taken: this service has too little memory for it");
                return;
            } catch (StateDatabaseException e) {
                if (e.unacceptable()) throw e;
                LOG.warnf("Waiting for the state database: %s", e.getMessage());
                Thread.sleep(RETRY_MILLIS);
            } catch (StackOverflowError e) {
                tooDeep = true;
            } catch (OutOfMemoryError e) {
                LOG.warnf("Too little memory for an event: %s", e);
                Thread.sleep(Math.min(LONGEST_RETRY_MILLIS, RETRY_MILLIS << without++));
            }
        }
    }

    /** One event that came another way, over HTTP for example; recorded when this returns. */
    public void accept(Envelope<?> envelope) {
        accept(envelope, false);
    }

    /**
     * The same for one that the other services must hear too: recorded and announced in one transaction.
     *
     * @return false where it was seen before: nothing was changed
     */
    public boolean acceptAndAnnounce(Envelope<?> envelope) {
        return accept(envelope, true);
    }

    private boolean accept(Envelope<?> envelope, boolean announced) {
        Envelope<?> traced = envelope.in(Traces.orNew(envelope.traceparent())).by(Instant.now());
        boolean first = ledgers.write(traced.traceparent(), ledger -> {
            boolean recorded = record(traced, ledger);
            if (recorded && announced) announce(traced, ledger);
            return recorded;
        });
        wakeUp.changed();
        String type = Catalogue.of(traced.event()).type();
        metrics.counter("ripcord.events.received", "type", type, "duplicate", String.valueOf(!first))
                .increment();
        return first;
    }

    /** What people said over HTTP is told by this service: from Kafka nobody takes it under their source. */
    private static void announce(Envelope<?> envelope, Ledger ledger) {
        if (envelope.source().startsWith(FROM_PEOPLE)) ledger.announce(envelope.event());
        else ledger.announce(envelope);
    }

    private void take(ConsumerRecord<String, byte[]> record) {
        Envelope<?> envelope;
        try {
            envelope = announcer.binding().read(record);
        } catch (UnreadableEventException e) {
            putAside(record, String.valueOf(e.getMessage()));
            return;
        }
        if (envelope.source().startsWith(FROM_PEOPLE)) {
            putAside(record, "not acceptable: only what came over HTTP has the source " + FROM_PEOPLE);
            return;
        }
        if (handler.begins(envelope.event()) && late(record) && !seen(envelope)) {
            putAside(
                    record,
                    "not acceptable: it was put there at " + Instant.ofEpochMilli(record.timestamp())
                            + ", and nothing is begun a day later; ask again if it is still wanted");
            return;
        }
        try {
            if (!accept(envelope, false)) recordedAs(envelope).ifPresent(type -> another(record, envelope, type));
        } catch (StateDatabaseException e) {
            if (!e.unacceptable()) throw e;
            deadLetter(record, "cannot be recorded: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            deadLetter(record, "not acceptable: " + e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("An event cannot be taken", e);
            deadLetter(record, "cannot be taken: " + e);
        }
    }

    private boolean seen(Envelope<?> envelope) {
        return !database.query("select 1 from inbox where source = $1 and id = $2", envelope.source(), envelope.id())
                .isEmpty();
    }

    /** By the record and not by the event, whose time may be an example's. */
    private static boolean late(ConsumerRecord<?, ?> record) {
        return record.timestamp() >= 0
                && Instant.ofEpochMilli(record.timestamp()).plus(TOO_LATE).isBefore(Instant.now());
    }

    /**
     * That an event which counts as seen before says what was said then.
     *
     * @throws IllegalArgumentException if another one had its source and id
     */
    public void requireTheSame(Envelope<?> envelope) {
        if (recordedAs(envelope).isPresent()) throw new IllegalArgumentException(another(envelope));
    }

    /** The type of another event that has the source and id of this one. */
    private Optional<String> recordedAs(Envelope<?> envelope) {
        return database
                .query(
                        "select type from inbox where source = $1 and id = $2 and (type <> $3"
                                + " or jsonb_strip_nulls(envelope -> 'data') <> jsonb_strip_nulls($4))",
                        envelope.source(),
                        envelope.id(),
                        envelope.type(),
                        Ledger.json(envelope.event()))
                .stream()
                .map(row -> row.getString("type"))
                .findFirst();
    }

    /** The service whose topic it is may not have heard of one from another topic, and takes it. */
    private void another(ConsumerRecord<String, byte[]> record, Envelope<?> envelope, String type) {
        Topic topic = Catalogue.of(envelope.event()).topic();
        boolean known = Catalogue.named(type).stream().anyMatch(entry -> entry.topic() == topic);
        String reason = "not acceptable: " + another(envelope);
        if (known) putAside(record, reason);
        else deadLetter(record, reason);
    }

    private static String another(Envelope<?> envelope) {
        return "another event of " + envelope.source() + " has the id " + envelope.id() + "; each needs its own";
    }

    private boolean record(Envelope<?> envelope, Ledger ledger) {
        String type = Catalogue.of(envelope.event()).type();
        List<?> inserted = ledger.query(
                "insert into inbox (source, id, type, database_id, envelope) values ($1, $2, $3, $4, $5)"
                        + " on conflict do nothing returning position",
                envelope.source(),
                envelope.id(),
                type,
                envelope.event().database(),
                document(envelope));
        if (inserted.isEmpty()) return false;
        EventHandler.Mail mail = handler.on(envelope, ledger);
        if (!mail.equals(EventHandler.Mail.NONE)) {
            ledger.execute(
                    "update inbox set kind = $3, task_id = $4 where source = $1 and id = $2",
                    envelope.source(),
                    envelope.id(),
                    mail.kind(),
                    mail.task());
            ledger.wake(mail.kind(), mail.task());
        }
        return true;
    }

    /** What no service takes: it is put aside by the one whose topic it is, and so once. */
    private void putAside(ConsumerRecord<String, byte[]> record, String reason) {
        if (readAlong.contains(record.topic())) LOG.debugf("Another service puts a record aside: %s", reason);
        else deadLetter(record, reason);
    }

    private void deadLetter(ConsumerRecord<String, byte[]> record, String reason) {
        DeadLetter letter = DeadLetter.of(record, reason);
        LOG.warnf("Record %s goes to the dead-letter topic: %s", letter.place(), letter.reason());
        metrics.counter("ripcord.events.dead-lettered").increment();
        ledgers.write(null, ledger -> {
            boolean first = !ledger.query(
                            "insert into inbox (source, id, type, database_id, envelope) values ('dead-letter', $1, 'unreadable', '', $2)"
                                    + " on conflict do nothing returning position",
                            letter.place(),
                            new JsonObject().put("reason", letter.reason()))
                    .isEmpty();
            if (first) ledger.send(letter.topic(), letter.key(), letter.value(), letter.headers());
            return first;
        });
    }

    /** The mail of a task, oldest first. */
    public List<Envelope<?>> mail(String kind, String task) {
        return database
                .query("select envelope from inbox where kind = $1 and task_id = $2 order by position", kind, task)
                .stream()
                .<Envelope<?>>map(row -> envelope(row.getJsonObject("envelope")))
                .toList();
    }

    private static JsonObject document(Envelope<?> envelope) {
        return new JsonObject()
                .put("id", envelope.id())
                .put("source", envelope.source())
                .put("time", envelope.time().toString())
                .put("traceparent", envelope.traceparent())
                .put("type", Catalogue.of(envelope.event()).type())
                .put("data", Ledger.json(envelope.event()));
    }

    private static Envelope<?> envelope(JsonObject document) {
        String type = document.getString("type");
        Catalogue.Entry entry =
                Catalogue.named(type).orElseThrow(() -> new IllegalStateException("Unknown event " + type));
        return new Envelope<>(
                document.getString("id"),
                document.getString("source"),
                Instant.parse(document.getString("time")),
                trace(document),
                event(entry, document.getJsonObject("data")));
    }

    private static @Nullable String trace(JsonObject document) {
        return document.getString("traceparent");
    }

    private static RipcordEvent event(Catalogue.Entry entry, JsonObject data) {
        try {
            return KafkaBinding.STORED.readValue(data.encode(), entry.record());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The inbox holds an event that no longer fits " + entry.type(), e);
        }
    }
}
