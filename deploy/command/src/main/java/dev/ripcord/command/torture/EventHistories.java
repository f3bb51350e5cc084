package dev.ripcord.command.torture;

import dev.ripcord.command.follow.EventStream.Seen;
import dev.ripcord.command.follow.Waiting;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.Topic;
import dev.ripcord.events.VerificationEvent;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A command amid what topics can hold: itself several times, all that was said before again, words about other rollbacks,
 * stale copies and verdicts, now and then its cancellation, and what nobody can read, in any order. After its outcome all
 * of it comes once more, with every event of the rollback, as when topics are read again from the start.
 */
final class EventHistories implements Trial {

    private static final String SOMEBODY = "/somebody";
    private static final String FORGED = "/ripcord/people/forged";
    private static final long LONGEST_DELAY_NANOS = 20_000_000;

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);

    @Override
    public String name() {
        return "event-histories";
    }

    @Override
    public Ground.Kind ground() {
        return Ground.Kind.CLONE;
    }

    @Override
    public int runs(boolean quick) {
        return quick ? 2 : 300;
    }

    @Override
    public List<String> run(Ground ground, Run run) throws Exception {
        Random random = Random.from(run.random());
        try (Story story = Story.broken(ground)) {
            long aside = putAside(ground);
            List<ProducerRecord<String, byte[]>> readable = readable(ground, story, random);
            List<ProducerRecord<String, byte[]>> poison = poison(ground, random);
            publish(ground, shuffled(readable, poison, random), random);
            List<String> violations = new ArrayList<>(Oracle.look(ground, story));
            publish(ground, shuffled(said(ground, story), readable, random), random);
            ground.heard();
            Waiting.until(() -> putAside(ground) >= aside + poison.size(), Ground.LIMIT);
            long outcomes = ground.events().everything().stream()
                    .map(Seen::envelope)
                    .filter(each -> each.event() instanceof RollbackOutcomeEvent outcome
                            && outcome.rollback().equals(story.rollback))
                    .map(each -> each.source() + " " + each.id())
                    .distinct()
                    .count();
            if (outcomes != 1) violations.add(outcomes + " outcomes");
            story.settle();
            // now, as one that is put aside twice may come late
            long found = putAside(ground) - aside;
            if (found != poison.size()) {
                violations.add("of " + poison.size() + " records that nobody can read, " + found + " are put aside");
            }
            return violations;
        }
    }

    private List<ProducerRecord<String, byte[]>> readable(Ground ground, Story story, Random random) {
        List<ProducerRecord<String, byte[]>> records = said(ground, story);
        String shop = ground.shop().database();
        String rollback = story.rollback;
        Envelope<?> command = Envelope.of(SOMEBODY, story.command());
        for (int times = 1 + random.nextInt(4); times > 0; times--) records.add(binding.write(command));
        for (int times = random.nextInt(3); times > 0; times--) {
            records.add(binding.write(Envelope.of(SOMEBODY, story.command())));
        }
        Shadow never = new Shadow(shop + "__shadow_never", 999_999, "1", "1");
        List<Envelope<?>> others = new ArrayList<>(List.of(
                Envelope.of(SOMEBODY, new Approved(shop, "another", "a hash", "a word", "somebody")),
                Envelope.of(SOMEBODY, new Approved(shop, rollback, "another hash", "a word", "somebody")),
                Envelope.of(SOMEBODY, new Cancelled(shop, "another", "why", "somebody")),
                Envelope.of(SOMEBODY, new Rejected("another", "another", "why", "somebody")),
                Envelope.of(SOMEBODY, new RestoreEvent.Completed(shop, rollback, "another", never, 1)),
                Envelope.of(SOMEBODY, new RestoreEvent.Failed(shop, "another", "another", "why")),
                Envelope.of(SOMEBODY, new VerificationEvent.Failed(shop, "another", rollback, List.of())),
                Envelope.of(SOMEBODY, new VerificationEvent.Passed(shop, "another", "another", List.of()))));
        if (random.nextInt(4) == 0) {
            others.add(Envelope.of(SOMEBODY, new Cancelled(shop, rollback, "why", "somebody")));
        }
        others.forEach(other -> {
            for (int times = random.nextInt(3); times > 0; times--) records.add(binding.write(other));
        });
        return records;
    }

    /** All that the services and the harness have said since the story's gate, as it was said. */
    private List<ProducerRecord<String, byte[]>> said(Ground ground, Story story) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        ground.events().everything().stream()
                .map(Seen::envelope)
                .filter(envelope -> envelope.time().isAfter(story.asked)
                        && !envelope.source().equals(FORGED))
                .forEach(envelope -> records.add(binding.write(envelope)));
        return records;
    }

    /** What is on the topic of commands and is no event that anybody knows. */
    private List<ProducerRecord<String, byte[]>> poison(Ground ground, Random random) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int kind = 0; kind < 6; kind++) {
            for (int times = random.nextInt(3); times > 0; times--) records.add(poison(ground, kind));
        }
        return records;
    }

    private ProducerRecord<String, byte[]> poison(Ground ground, int kind) {
        ProducerRecord<String, byte[]> record = binding.write(
                Envelope.of(SOMEBODY, new Cancelled(ground.shop().database(), "another", "why", "somebody")));
        return switch (kind) {
            case 0 -> with(record, record.key(), Arrays.copyOf(record.value(), record.value().length / 2));
            case 1 -> headed(record, "ce_dataschema", "urn:ripcord:rollback.cancelled:99");
            case 2 -> headed(record, "ce_type", "rollback.exploded");
            case 3 -> with(record, record.key() + "\u0000", "\u0000".getBytes(StandardCharsets.UTF_8));
            case 4 -> new ProducerRecord<>(record.topic(), record.key(), record.value());
            default -> headed(record, "ce_source", FORGED);
        };
    }

    private static ProducerRecord<String, byte[]> with(
            ProducerRecord<String, byte[]> record, String key, byte[] value) {
        return new ProducerRecord<>(record.topic(), null, key, value, record.headers());
    }

    private static ProducerRecord<String, byte[]> headed(
            ProducerRecord<String, byte[]> record, String header, String value) {
        record.headers().remove(header).add(header, value.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private static List<ProducerRecord<String, byte[]>> shuffled(
            List<ProducerRecord<String, byte[]>> some, List<ProducerRecord<String, byte[]>> others, Random random) {
        List<ProducerRecord<String, byte[]>> all = new ArrayList<>(some);
        all.addAll(others);
        Collections.shuffle(all, random);
        return all;
    }

    private static void publish(Ground ground, List<ProducerRecord<String, byte[]>> records, Random random) {
        for (ProducerRecord<String, byte[]> record : records) {
            ground.events().publish(record);
            if (random.nextInt(4) == 0) LockSupport.parkNanos(random.nextLong(LONGEST_DELAY_NANOS));
        }
    }

    private static long putAside(Ground ground) {
        try {
            return ground.number(Ground.STATE, "select count(*) from rollback.inbox where source = 'dead-letter'");
        } catch (SQLException e) {
            throw new IllegalStateException("the services' state cannot be read: " + e.getMessage(), e);
        }
    }
}
