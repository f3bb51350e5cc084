package dev.ripcord.command.follow;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Every event of the suite from now on, in the order of arrival, and the way to publish one. */
public final class EventStream implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long SEND_SECONDS = 15;

    /** An event and when it arrived here, before it was read. */
    public record Seen(Envelope<?> envelope, Instant at) {}

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private final KafkaProducer<String, byte[]> producer;
    private final Consumer<Seen> listener;
    private final List<Seen> seen = new ArrayList<>();
    private final Thread reader;
    private volatile boolean open = true;

    private EventStream(String bootstrapServers, Consumer<Seen> listener) {
        this.listener = listener;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "acks",
                        "all",
                        "max.block.ms",
                        "10000",
                        // by itself it waits 5 ms for a second record
                        "linger.ms",
                        "0"),
                new StringSerializer(),
                new ByteArraySerializer());
        KafkaConsumer<String, byte[]> consumer = consumer(bootstrapServers);
        this.reader = Thread.ofPlatform().daemon().name("events").start(() -> read(consumer));
    }

    /** Follows from here on; the listener is told of each event once, from one thread. */
    public static EventStream follow(String bootstrapServers, Consumer<Seen> listener) {
        return new EventStream(bootstrapServers, listener);
    }

    /** Publishes an event and waits until Kafka has it. */
    public void publish(RipcordEvent event) {
        publish(binding.write(Envelope.of("/ripcord/command", event)));
    }

    /** Publishes any record and waits until Kafka has it; where it is. */
    public RecordMetadata publish(ProducerRecord<String, byte[]> record) {
        try {
            return producer.send(record).get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka did not take a record for " + record.topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while publishing", e);
        }
    }

    /** Waits for an event of a kind, also one that came before; empty when the time has passed. */
    public <E extends RipcordEvent> Optional<E> await(Class<E> kind, Predicate<E> wanted, Duration atMost) {
        Instant limit = Instant.now().plus(atMost);
        synchronized (seen) {
            while (true) {
                Optional<E> found = all(kind).stream().filter(wanted).findFirst();
                long left = Duration.between(Instant.now(), limit).toMillis();
                if (found.isPresent() || left <= 0 || !open) return found;
                try {
                    seen.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return found;
                }
            }
        }
    }

    /** Everything so far, in the order of arrival. */
    public List<Seen> everything() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    /** All events of a kind so far. */
    public <E extends RipcordEvent> List<E> all(Class<E> kind) {
        synchronized (seen) {
            return seen.stream()
                    .map(each -> each.envelope().event())
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .toList();
        }
    }

    @Override
    public void close() {
        open = false;
        synchronized (seen) {
            seen.notifyAll();
        }
        producer.close(Duration.ZERO);
        try {
            reader.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(String bootstrapServers) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "fetch.max.wait.ms",
                        "50",
                        "max.partition.fetch.bytes",
                        "10485760"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Arrays.stream(Topic.values())
                .map(topic -> topic.named(Topic.DEFAULT_PREFIX))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    private void read(KafkaConsumer<String, byte[]> consumer) {
        try (consumer) {
            while (open) {
                ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                Instant at = Instant.now();
                records.forEach(record -> take(record, at));
            }
        }
    }

    private void take(ConsumerRecord<String, byte[]> record, Instant at) {
        try {
            Seen event = new Seen(binding.read(record), at);
            synchronized (seen) {
                seen.add(event);
                seen.notifyAll();
            }
            listener.accept(event);
        } catch (UnreadableEventException e) {
            // not for us: its dead-letter topic tells
        }
    }
}
