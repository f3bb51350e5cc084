package dev.ripcord.command.torture;

import dev.ripcord.command.follow.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a service has come with what Kafka has for it: that Kafka has taken a record does not say that anybody has read it.
 *
 * @param group the service's name among Kafka's consumers
 */
record Intake(String bootstrapServers, String group) {

    /** Waits until all is done that is on its topics now; whether that came to pass. */
    boolean drained(Duration atMost) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, Long> ends = ends(admin);
            return !ends.isEmpty() && Waiting.until(() -> done(admin, ends), atMost);
        }
    }

    private Map<TopicPartition, Long> ends(Admin admin) {
        Map<TopicPartition, OffsetSpec> latest =
                of(admin.describeConsumerGroups(List.of(group)).all()).values().stream()
                        .flatMap(readers -> readers.members().stream())
                        .flatMap(reader -> reader.assignment().topicPartitions().stream())
                        .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        return of(admin.listOffsets(latest).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private boolean done(Admin admin, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata read = committed.get(end.getKey());
            return (read == null ? 0 : read.offset()) >= end.getValue();
        });
    }

    private static <T> T of(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka does not say how far it is read: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
