package dev.ripcord.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.events.Topic;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    private static final String TOPIC = Topic.SNAPSHOT.named("ripcord");

    @TempDir
    private Path folder;

    @Test
    void records_are_carried_and_survive_a_new_start_on_another_port() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, 0)) {
            send(kafka, "a".repeat(2_000_000));
            assertThat(received(kafka, 1)).containsExactly("a".repeat(2_000_000));
        }
        try (var again = EmbeddedKafka.start(folder, 0)) {
            send(again, "second");
            assertThat(received(again, 2)).containsExactlyInAnyOrder("a".repeat(2_000_000), "second");
        }
    }

    @Test
    void every_topic_and_its_dead_letters_are_there_and_no_other_appears() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, 0, "other", 2);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            List<String> expected = new ArrayList<>(List.of("other.cdevents"));
            for (Topic topic : Topic.values()) {
                expected.add(topic.named("other"));
                expected.add(topic.deadLetter("other"));
            }
            assertThat(admin.listTopics().names().get()).containsExactlyInAnyOrderElementsOf(expected);
            var described = admin.describeTopics(expected).allTopicNames().get().values();
            assertThat(described)
                    .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(2));
            assertThatThrownBy(() -> admin.describeTopics(List.of("absent"))
                            .allTopicNames()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, other.getLocalPort()))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessage("Kafka cannot listen on 127.0.0.1:" + other.getLocalPort() + ": the port is taken");
        }
    }

    private static void send(EmbeddedKafka kafka, String value) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "key.serializer",
                StringSerializer.class,
                "value.serializer",
                StringSerializer.class,
                "max.request.size",
                8_000_000);
        try (var producer = new KafkaProducer<String, String>(settings)) {
            producer.send(new ProducerRecord<>(TOPIC, "shop", value)).get();
        }
    }

    private static List<String> received(EmbeddedKafka kafka, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "key.deserializer",
                StringDeserializer.class,
                "value.deserializer",
                StringDeserializer.class,
                "group.id",
                "test",
                "enable.auto.commit",
                "false",
                "auto.offset.reset",
                "earliest");
        List<String> values = new ArrayList<>();
        try (var consumer = new KafkaConsumer<String, String>(settings)) {
            consumer.subscribe(List.of(TOPIC));
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
        }
        return values;
    }
}
