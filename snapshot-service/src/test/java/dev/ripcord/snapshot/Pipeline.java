package dev.ripcord.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A pipeline that speaks to the service: sends events, hears what is announced, asks at the gate. */
public final class Pipeline implements AutoCloseable {

    private static final KafkaBinding BINDING = new KafkaBinding(Topic.DEFAULT_PREFIX);

    private final URI service;
    private final HttpClient http = HttpClient.newHttpClient();
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Set<String> gates = ConcurrentHashMap.newKeySet();
    private final List<RipcordEvent> heard = new ArrayList<>();
    private final List<ConsumerRecord<String, byte[]>> dead = new ArrayList<>();

    public Pipeline(URI service) {
        this.service = service;
        Map<String, Object> kafka =
                Map.of("bootstrap.servers", EmbeddedInfrastructure.shared().kafka());
        this.producer = new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
        this.consumer = new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(
                        Topic.MIGRATION.named(Topic.DEFAULT_PREFIX),
                        Topic.SNAPSHOT.named(Topic.DEFAULT_PREFIX),
                        Topic.RESTORE.named(Topic.DEFAULT_PREFIX),
                        Topic.MIGRATION.deadLetter(Topic.DEFAULT_PREFIX))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Sends an event; acknowledged when this returns. */
    public void send(RipcordEvent event) {
        send(Envelope.of("/test", event));
    }

    public void send(Envelope<?> envelope) {
        send(BINDING.write(envelope));
    }

    public void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every event of that kind about a database that was announced so far, oldest first. */
    public <E extends RipcordEvent> List<E> heard(Class<E> type, String database) {
        poll();
        return heard.stream()
                .filter(event -> event.database().equals(database))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The dead-letter records so far. */
    public List<ConsumerRecord<String, byte[]>> dead() {
        poll();
        return dead;
    }

    private void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            try {
                if (record.topic().endsWith("dead-letter")) dead.add(record);
                else heard.add(BINDING.read(record).event());
            } catch (UnreadableEventException e) {
                // a test's own poison; what the service announces can be read
                if (!record.topic().equals(Topic.MIGRATION.named(Topic.DEFAULT_PREFIX))) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** An answer over HTTP. */
    public record Answer(int status, JsonNode body) {}

    public Answer post(String path) {
        if (path.matches("/gates/[^/]*/[^/]*")) gates.add(path.replaceFirst("\\?.*", ""));
        return call("POST", path, EnrolledShops.TOKEN);
    }

    public Answer post(String path, String body) {
        return call("POST", path, EnrolledShops.TOKEN, HttpRequest.BodyPublishers.ofString(body));
    }

    public Answer get(String path) {
        return call("GET", path, EnrolledShops.TOKEN);
    }

    public Answer call(String method, String path, String token) {
        return call(method, path, token, HttpRequest.BodyPublishers.noBody());
    }

    private Answer call(String method, String path, String token, HttpRequest.BodyPublisher body) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(service.resolve(path))
                            .header("Authorization", "Bearer " + token)
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), json(response.body()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(String body) throws JsonProcessingException {
        return body.startsWith("{") || body.startsWith("[")
                ? KafkaBinding.JSON.readTree(body)
                : KafkaBinding.JSON.createObjectNode().put("text", body);
    }

    /** What it has asked for runs no more: it keeps no other migration waiting. */
    public void ends() {
        gates.forEach(gate -> post(gate + "/completed"));
        gates.clear();
    }

    @Override
    public void close() {
        ends();
        producer.close();
        consumer.close();
        http.close();
    }
}
