package dev.ripcord.delivery;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Which topics can be written to. A producer waits for a topic that is not there, and lets everything else wait with it;
 * so the broker is asked first, once for each topic and now and then while one is missing.
 */
@ApplicationScoped
class Topics {

    private static final Logger LOG = Logger.getLogger(Topics.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration REFUSED_FOR = Duration.ofSeconds(2);
    private static final Duration MISSING_FOR = Duration.ofSeconds(10);

    private final Map<String, Object> kafka;
    private final Set<String> known = new HashSet<>();
    private final Map<String, Long> restingUntil = new HashMap<>();

    Topics(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put("default.api.timeout.ms", (int) ANSWER_WITHIN.toMillis());
        this.kafka.put("request.timeout.ms", (int) ANSWER_WITHIN.toMillis());
    }

    /** Topics that are left alone for a moment. */
    Set<String> resting() {
        long now = System.nanoTime();
        restingUntil.values().removeIf(until -> until - now <= 0);
        return Set.copyOf(restingUntil.keySet());
    }

    /** Those of the topics that are not there; they rest. */
    Set<String> missing(Set<String> asked) {
        if (known.containsAll(asked) || !look()) return Set.of();
        Set<String> missing = new HashSet<>(asked);
        missing.removeAll(known);
        for (String topic : missing) {
            LOG.warnf(
                    "What is announced on %s waits: there is no such topic, or no right to see it. Make it, or grant Describe and Write",
                    topic);
            rest(topic, MISSING_FOR);
        }
        return missing;
    }

    /** Asks Kafka which topics there are; false where it does not say, and the producer will find out. */
    boolean look() {
        try (Admin admin = Admin.create(kafka)) {
            known.addAll(admin.listTopics().names().get(ANSWER_WITHIN.toSeconds(), TimeUnit.SECONDS));
            return true;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.debugf("Kafka does not say which topics there are: %s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** Kafka did not take an event of this topic: it rests, and is looked for again. */
    void refused(String topic, Exception reason) {
        LOG.warnf("Kafka did not take an event on %s, will try again: %s", topic, reason);
        known.remove(topic);
        rest(topic, REFUSED_FOR);
    }

    private void rest(String topic, Duration time) {
        restingUntil.put(topic, System.nanoTime() + time.toNanos());
    }
}
