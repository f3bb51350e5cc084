package dev.ripcord.notifier;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The other services, as the notifier sees them: sends events and hears what became of the messages. */
final class Subscriber implements AutoCloseable {

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final KafkaProducer<String, byte[]> producer;
    private final List<NotificationEvent> heard = new CopyOnWriteArrayList<>();
    private final Thread listener;
    private volatile boolean open = true;

    Subscriber() {
        String kafka = EmbeddedInfrastructure.shared().kafka();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
        listener = Thread.ofVirtual().start(() -> listen(kafka));
    }

    void send(RipcordEvent event) {
        send(Envelope.of("/test", event));
    }

    void send(Envelope<?> envelope) {
        producer.send(binding.write(envelope));
        producer.flush();
    }

    /** What was announced of messages about databases of this name. */
    List<NotificationEvent> heard(String database) {
        return heard.stream().filter(event -> event.database().equals(database)).toList();
    }

    private void listen(String kafka) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", kafka, "group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.NOTIFICATION.named(Topic.DEFAULT_PREFIX)));
            while (open) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    if (binding.read(record).event() instanceof NotificationEvent event) heard.add(event);
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
