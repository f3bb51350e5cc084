package dev.ripcord.rollback;

import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import dev.ripcord.events.VerificationEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The rest of the suite as the rollback service sees it: it makes copies and gives verdicts, on the real topics. */
final class Suite implements AutoCloseable {

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final KafkaProducer<String, byte[]> producer;
    private final Thread listener;
    private final List<Envelope<?>> heard = new CopyOnWriteArrayList<>();
    private final Instant began = Instant.now();
    private volatile boolean open = true;
    /** Databases whose application is not well. */
    final List<String> unwell = new CopyOnWriteArrayList<>();

    final List<String> uncountable = new CopyOnWriteArrayList<>();

    /** Databases of which no copy is restored to count with. */
    final List<String> uncounting = new CopyOnWriteArrayList<>();

    /** Databases whose failed one somebody opens before it is counted. */
    final List<String> lookedInto = new CopyOnWriteArrayList<>();

    Suite() {
        String kafka = EmbeddedInfrastructure.shared().kafka();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
        listener = Thread.ofVirtual().start(() -> listen(kafka));
    }

    private void listen(String kafka) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "group.id",
                        UUID.randomUUID().toString(),
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<String> topics = new ArrayList<>();
            for (Topic topic : Topic.values()) topics.add(topic.named(Topic.DEFAULT_PREFIX));
            consumer.subscribe(topics);
            while (open) {
                consumer.poll(Duration.ofMillis(50)).forEach(record -> {
                    try {
                        Envelope<?> envelope = binding.read(record);
                        heard.add(envelope);
                        // what an earlier test asked for was answered then
                        if (!envelope.time().isBefore(began)) answer(envelope.event());
                    } catch (UnreadableEventException | SQLException e) {
                        heard.add(Envelope.of(
                                "/test",
                                new dev.ripcord.events.RollbackEvent.Step(
                                        "", "", "the suite failed", 0, String.valueOf(e))));
                    }
                });
            }
        }
    }

    private void answer(RipcordEvent event) throws SQLException {
        switch (event) {
            case RestoreEvent.Requested asked
            when asked.restore().endsWith("/count") && uncounting.contains(asked.database()) -> {}
            case RestoreEvent.Requested asked -> {
                if (lookedInto.contains(asked.database())) openFailed(asked.database());
                publish(new RestoreEvent.Completed(
                        asked.database(),
                        asked.restore(),
                        asked.snapshot(),
                        uncountable.contains(asked.database())
                                ? unsealed(shadow(asked.database(), asked.snapshot()))
                                : shadow(asked.database(), asked.snapshot()),
                        1));
            }
            case VerificationEvent.Requested asked ->
                publish(
                        !unwell.contains(asked.database())
                                ? new VerificationEvent.Passed(
                                        asked.database(), asked.verification(), asked.rollback(), List.of())
                                : new VerificationEvent.Inconclusive(
                                        asked.database(), asked.verification(), asked.rollback(), List.of()));
            default -> {}
        }
    }

    private static void openFailed(String database) throws SQLException {
        String name = OnServer.text(
                "postgres", "select datname from pg_database where datname like '" + database + "\\_\\_failed%'");
        OnServer.execute("postgres", "alter database " + name + " with allow_connections true");
    }

    private static Shadow unsealed(Shadow shadow) {
        return new Shadow(shadow.name(), shadow.oid(), "1", shadow.systemIdentifier());
    }

    void publish(RipcordEvent event) {
        publish(Envelope.of("/test", event));
    }

    void publish(Envelope<?> envelope) {
        producer.send(binding.write(envelope));
        producer.flush();
    }

    /** What another sender writes, in binary mode. */
    void publish(String topic, String type, String data) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, "any", data.getBytes(StandardCharsets.UTF_8));
        Map.of("ce_specversion", "1.0", "ce_id", UUID.randomUUID().toString(), "ce_source", "/cd", "ce_type", type)
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record);
        producer.flush();
    }

    /** A proven snapshot of a database as it is now. */
    Shadow snapshot(String database, String id) throws SQLException {
        return snapshot(database, id, null);
    }

    /** As above, with what the migration tool's version table says according to its manifest. */
    Shadow snapshot(String database, String id, @Nullable String migrationVersion) throws SQLException {
        try (Connection connection = Shops.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + database + "__snapshot_" + id + " template " + database);
        }
        Shadow shadow = shadow(database, id);
        Manifest manifest = new Manifest(
                shadow.systemIdentifier(),
                "18",
                database,
                Instant.now(),
                "",
                List.of(new Manifest.Table("public.orders", "table", 1000, "0")),
                List.of(),
                List.of(),
                Map.of(),
                migrationVersion,
                List.of());
        publish(new SnapshotEvent.Completed(database, id, "migration-" + id, "clone", Instant.now(), 1, 1, 1));
        publish(new SnapshotEvent.Proven(database, id, "migration-" + id, "clone", Instant.now(), shadow, manifest, 1));
        // requests come by another topic, which may be read first; an id that another test has is never known here
        await().until(() ->
                OnServer.count("select count(*) from rollback.known_snapshot where shadow is not null and id = '" + id
                                + "' and database_id = '" + database + "'")
                        == 1);
        return shadow;
    }

    /** The migration before which a snapshot was taken has run to its end. */
    void migrated(String database, String snapshot) {
        publish(new MigrationEvent.Completed(database, "migration-" + snapshot));
    }

    private static Shadow shadow(String database, String snapshot) throws SQLException {
        String name = database + "__shadow_"
                + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        try (Connection connection = Shops.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + " template " + database + "__snapshot_" + snapshot
                    + " allow_connections false owner ripcord_snapshot");
            ResultSet row = statement.executeQuery(
                    "select oid, xmin, (select system_identifier from pg_control_system()) from pg_database where datname = '"
                            + name + "'");
            row.next();
            return new Shadow(name, row.getLong(1), row.getString(2), row.getString(3));
        }
    }

    /** The first event of a kind that fits, as soon as it was heard. */
    <E extends RipcordEvent> E hears(Class<E> type, Predicate<E> fits) {
        return await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> find(type, fits), Optional::isPresent)
                .get();
    }

    <E extends RipcordEvent> Optional<E> find(Class<E> type, Predicate<E> fits) {
        return heard.stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .filter(fits)
                .findFirst();
    }

    /** Whether what fits the one was heard before what fits the other. */
    boolean order(Predicate<RipcordEvent> one, Predicate<RipcordEvent> other) {
        List<RipcordEvent> events =
                heard.stream().<RipcordEvent>map(Envelope::event).toList();
        int first = 0;
        while (first < events.size() && !one.test(events.get(first))) first++;
        return events.stream().skip(first).anyMatch(other);
    }

    long count(Predicate<RipcordEvent> fits) {
        return heard.stream().map(Envelope::event).filter(fits).count();
    }

    String trace(Predicate<RipcordEvent> fits) {
        return String.valueOf(heard.stream()
                .filter(envelope -> fits.test(envelope.event()))
                .findFirst()
                .orElseThrow()
                .traceparent());
    }

    @Override
    public void close() throws InterruptedException {
        open = false;
        listener.join();
        producer.close();
    }
}
