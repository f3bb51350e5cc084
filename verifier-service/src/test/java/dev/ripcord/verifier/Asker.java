package dev.ripcord.verifier;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.WatchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The other services, as the verifier sees them: asks, and hears the verdicts. */
final class Asker implements AutoCloseable {

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final List<VerificationEvent> heard = new CopyOnWriteArrayList<>();
    private final List<WatchEvent> watched = new CopyOnWriteArrayList<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Thread listener;
    private volatile boolean open = true;

    Asker() {
        String kafka = EmbeddedInfrastructure.shared().kafka();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
        listener = Thread.ofVirtual().start(() -> listen(kafka));
    }

    void send(RipcordEvent event) {
        producer.send(binding.write(Envelope.of("/test", event)));
        producer.flush();
    }

    /** The same as if it had been there since then. */
    void sendAsOf(Instant then, RipcordEvent event) {
        ProducerRecord<String, byte[]> record = binding.write(Envelope.of("/test", event));
        producer.send(new ProducerRecord<>(
                record.topic(), null, then.toEpochMilli(), record.key(), record.value(), record.headers()));
        producer.flush();
    }

    /** Every verdict so far, of this test and of others. */
    List<VerificationEvent> heard() {
        return heard;
    }

    /** Everything that was said of watches so far. */
    List<WatchEvent> watched() {
        return watched;
    }

    private void listen(String kafka) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka, "group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.VERIFICATION.named(Topic.DEFAULT_PREFIX)));
            while (open) {
                for (var record : consumer.poll(Duration.ofMillis(20))) {
                    RipcordEvent read = binding.read(record).event();
                    if (read instanceof WatchEvent event) watched.add(event);
                    if (read instanceof VerificationEvent event && !(event instanceof VerificationEvent.Requested)) {
                        heard.add(event);
                    }
                }
            }
        } catch (UnreadableEventException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        open = false;
        listener.join();
        producer.close();
    }
}
