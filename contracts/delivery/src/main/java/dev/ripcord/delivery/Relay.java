package dev.ripcord.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * Sends what the outbox holds, in order, and marks what Kafka has acknowledged. One replica sends at a time. Kafka being
 * away only makes the outbox longer, and a topic that is missing or refused keeps only its own events back.
 */
@ApplicationScoped
public class Relay {

    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(20);
    private static final Duration KEEP = Duration.ofDays(7);
    private static final int BATCH = 200;
    /** About so much is held at once, or one event. */
    private static final long BATCH_BYTES = 4 << 20;

    /** Each with how many are due, {@value #BATCH} at most. */
    private static final String DUE = "select * from (select o.*, count(*) over () as due,"
            + " sum(coalesce(octet_length(value), 0)) over (order by position) as bytes"
            + " from (select position, topic, key, value, headers from outbox where sent_at is null and topic <> all($1)"
            + " order by position limit " + BATCH + ") o) due"
            + " where bytes <= $2 or bytes = coalesce(octet_length(value), 0) order by position";

    /** After this time a service has done what it does to be ready. */
    private static final Duration SETTLED = Duration.ofSeconds(3);

    private final StateDatabase database;
    private final WakeUp wakeUp;
    private final Topics topics;
    private final Emitter<ProducerRecord<String, byte[]>> kafka;
    private final MeterRegistry metrics;
    private volatile boolean running = true;
    private long cleanedAt;

    Relay(
            StateDatabase database,
            WakeUp wakeUp,
            Topics topics,
            @Channel("outbox") Emitter<ProducerRecord<String, byte[]>> kafka,
            MeterRegistry metrics) {
        this.database = database;
        this.wakeUp = wakeUp;
        this.topics = topics;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("relay").start(this::sendAsTheyCome);
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
    }

    private void sendAsTheyCome() {
        long begun = System.nanoTime();
        boolean looked = false;
        while (running) {
            try {
                wakeUp.outbox().await(POLL);
                while (running && sendBatch()) continue;
                cleanNowAndThen();
                if (!looked && System.nanoTime() - begun > SETTLED.toNanos()) {
                    looked = true;
                    topics.look(); // so that the first event need not wait for it
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("Cannot send what the outbox holds, will try again: %s", e.getMessage());
            }
        }
    }

    /** Whether there may be more. */
    private boolean sendBatch() {
        return database.transaction(transaction -> {
            boolean mine = transaction
                    .query("select pg_try_advisory_xact_lock(hashtext(current_schema() || ' outbox'))")
                    .getFirst()
                    .getBoolean(0);
            if (!mine) return false;
            List<Row> found = transaction.query(DUE, topics.resting().toArray(String[]::new), BATCH_BYTES);
            Set<String> missing = topics.missing(
                    found.stream().map(row -> row.getString("topic")).collect(Collectors.toSet()));
            List<Row> rows = found.stream()
                    .filter(row -> !missing.contains(row.getString("topic")))
                    .toList();
            if (rows.isEmpty()) return more(found);
            Long[] sent = acknowledged(rows, rows.stream().map(this::send).toList());
            transaction.query("update outbox set sent_at = now() where position = any($1)", (Object) sent);
            metrics.counter("ripcord.events.sent").increment(sent.length);
            return more(found);
        });
    }

    private static boolean more(List<Row> found) {
        return found.size() == BATCH || !found.isEmpty() && found.getFirst().getLong("due") > found.size();
    }

    /** Positions of what Kafka has; nothing of a topic after its first failure, so that its order stays. */
    private Long[] acknowledged(List<Row> rows, List<CompletableFuture<Void>> answers) {
        long deadline = System.nanoTime() + ACKNOWLEDGED_WITHIN.toNanos();
        Set<String> failed = new HashSet<>();
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String topic = rows.get(i).getString("topic");
            if (failed.contains(topic)) continue;
            try {
                answers.get(i).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                positions.add(rows.get(i).getLong("position"));
            } catch (ExecutionException | TimeoutException e) {
                failed.add(topic);
                topics.refused(topic, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return positions.toArray(Long[]::new);
    }

    private CompletableFuture<Void> send(Row row) {
        Buffer value = row.getBuffer("value");
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(
                row.getString("topic"), null, row.getString("key"), value == null ? null : value.getBytes());
        JsonObject headers = row.getJsonObject("headers");
        headers.forEach(header -> record.headers()
                .add(header.getKey(), String.valueOf(header.getValue()).getBytes(StandardCharsets.UTF_8)));
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        kafka.send(Message.of(
                record,
                () -> {
                    acknowledged.complete(null);
                    return CompletableFuture.completedFuture(null);
                },
                failure -> {
                    acknowledged.completeExceptionally(failure);
                    return CompletableFuture.completedFuture(null);
                }));
        return acknowledged;
    }

    private void cleanNowAndThen() {
        if (System.nanoTime() - cleanedAt < Duration.ofMinutes(10).toNanos()) return;
        cleanedAt = System.nanoTime();
        database.query("delete from outbox where sent_at < now() - $1::bigint * interval '1 second'", KEEP.toSeconds());
    }
}
