package dev.ripcord.command.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class PoisonTest {

    private static final String AGAIN = "; and again: ";

    /** Of each topic one service is the one that does it, however many read it. */
    @Test
    void a_record_that_nobody_can_read_is_put_aside_once_and_the_next_one_is_taken(Scenario story) throws Exception {
        String poison = "poison " + Scenario.shortId();
        List<Topic> read = Stream.of(Topic.values())
                .filter(topic -> topic != Topic.NOTIFICATION)
                .toList();
        for (Topic topic : read) {
            story.suite.events.publish(
                    new ProducerRecord<>(topic.named(Topic.DEFAULT_PREFIX), "shop", poison.getBytes(UTF_8)));
        }

        story.gateOpens();

        Map<String, String> reasons = deadLetters(story, read, poison);
        assertThat(reasons.keySet())
                .containsExactlyInAnyOrderElementsOf(read.stream()
                        .map(topic -> topic.deadLetter(Topic.DEFAULT_PREFIX))
                        .toList());
        assertThat(reasons.values())
                .allSatisfy(reason -> assertThat(reason).contains("CloudEvent").doesNotContain(AGAIN));
    }

    /** By topic the reasons of the dead letters with this content, as long as new ones come. */
    private static Map<String, String> deadLetters(Scenario story, List<Topic> topics, String content) {
        Map<String, String> reasons = new TreeMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", story.suite.stack.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic.deadLetter(Topic.DEFAULT_PREFIX)).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Instant limit = Instant.now().plusSeconds(15);
            Instant quiet = Instant.MAX;
            while (Instant.now().isBefore(limit) && Instant.now().isBefore(quiet)) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (!new String(record.value(), UTF_8).equals(content)) return;
                    String reason = new String(
                            record.headers().lastHeader("dead-letter-reason").value(), UTF_8);
                    reasons.merge(record.topic(), reason, (first, second) -> first + AGAIN + second);
                });
                if (reasons.size() == topics.size() && quiet.equals(Instant.MAX))
                    quiet = Instant.now().plusSeconds(2);
            }
        }
        return reasons;
    }
}
