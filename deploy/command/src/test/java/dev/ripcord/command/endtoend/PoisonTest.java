package dev.ripcord.command.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class PoisonTest {

    @Test
    void a_record_that_nobody_can_read_is_put_aside_once_and_the_next_one_is_taken(Scenario story) throws Exception {
        String poison = "poison " + Scenario.shortId();
        story.suite.events.publish(
                new ProducerRecord<>(Topic.MIGRATION.named(Topic.DEFAULT_PREFIX), "shop", poison.getBytes(UTF_8)));

        story.gateOpens();

        List<String> reasons = deadLetters(story, poison);
        assertThat(reasons).hasSize(1);
        assertThat(reasons.getFirst()).contains("CloudEvent");
    }

    /** The reasons of the dead letters with this content, as long as new ones come. */
    private static List<String> deadLetters(Scenario story, String content) {
        List<String> reasons = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", story.suite.stack.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Topic.MIGRATION.deadLetter(Topic.DEFAULT_PREFIX)).stream()
                            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Instant limit = Instant.now().plusSeconds(10);
            Instant quiet = Instant.MAX;
            while (Instant.now().isBefore(limit) && Instant.now().isBefore(quiet)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (!new String(record.value(), UTF_8).equals(content)) return;
                    reasons.add(new String(
                            record.headers().lastHeader("dead-letter-reason").value(), UTF_8));
                });
                if (!reasons.isEmpty() && quiet.equals(Instant.MAX))
                    quiet = Instant.now().plusSeconds(2);
            }
        }
        return reasons;
    }
}
