package dev.ripcord.embedded;

import dev.ripcord.events.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The suite's topics and their dead-letter topics on one node.
 *
 * @param partitions of each topic
 */
record SuiteTopics(String prefix, int partitions) {

    static final int LARGEST_RECORD_BYTES = 8 * 1024 * 1024;
    static final SuiteTopics USUAL = new SuiteTopics(Topic.DEFAULT_PREFIX, 3);

    /** Makes those that are absent. */
    void create(String bootstrapServers) {
        List<NewTopic> topics = new ArrayList<>(List.of(described(prefix + ".cdevents")));
        for (Topic topic : Topic.values()) {
            topics.add(described(topic.named(prefix)));
            topics.add(described(topic.deadLetter(prefix)));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) await(created);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while making the topics", e);
        }
    }

    private NewTopic described(String name) {
        return new NewTopic(name, partitions, (short) 1)
                .configs(Map.of("max.message.bytes", Integer.toString(LARGEST_RECORD_BYTES)));
    }

    private static void await(KafkaFuture<Void> created) throws InterruptedException {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) return;
            throw new KafkaException("cannot make the topics", e.getCause());
        }
    }
}
