package dev.ripcord.command.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.embedded.EmbeddedKafka;
import dev.ripcord.events.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeTest {

    private static final String TOPIC = Topic.MIGRATION.named(Topic.DEFAULT_PREFIX);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    @Test
    void it_is_drained_when_all_is_acknowledged_that_was_sent() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder, 0);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer());
                var service = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "group.id",
                                "service",
                                "auto.offset.reset",
                                "earliest",
                                "enable.auto.commit",
                                "false"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            Intake intake = new Intake(kafka.bootstrapServers(), "service");
            producer.send(new ProducerRecord<>(TOPIC, "shop", "first")).get();
            service.subscribe(List.of(TOPIC));
            while (service.poll(Duration.ofMillis(100)).isEmpty()) Thread.onSpinWait();
            assertThat(intake.drained(SHORT)).as("read, and not done yet").isFalse();

            service.commitSync();
            assertThat(intake.drained(SHORT)).isTrue();

            producer.send(new ProducerRecord<>(TOPIC, "shop", "second")).get();
            assertThat(intake.drained(SHORT)).as("one more").isFalse();
        }
    }
}
