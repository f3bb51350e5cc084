import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints a line for each rollback that has ended: {@code Outcomes BOOTSTRAP_SERVERS}. */
public class Outcomes {

    public static void main(String[] arguments) {
        KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);
        Set<String> seen = new HashSet<>(); // an event may come twice: keep this where it outlives the program
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", arguments[0],
                        "group.id", "subscriber-outcomes",
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(Topic.ROLLBACK_OUTCOME.named(Topic.DEFAULT_PREFIX)));
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    try {
                        Envelope<?> envelope = binding.read(record);
                        if (seen.add(envelope.source() + " " + envelope.id())) System.out.println(line(envelope));
                    } catch (UnreadableEventException e) {
                        System.err.println("passed over: " + e.getMessage()); // of a later version, for example
                    }
                }
                consumer.commitSync();
            }
        }
    }

    private static String line(Envelope<?> envelope) {
        if (envelope.event() instanceof RollbackOutcomeEvent.Completed completed) {
            return completed.rollback() + ": " + completed.database() + " is back, the failed database is "
                    + completed.failedDatabase();
        }
        if (envelope.event() instanceof RollbackOutcomeEvent.Failed failed) {
            return failed.rollback() + ": " + failed.database() + " is not back: " + failed.reason();
        }
        RollbackOutcomeEvent other = (RollbackOutcomeEvent) envelope.event();
        return other.rollback() + ": " + envelope.type();
    }
}
