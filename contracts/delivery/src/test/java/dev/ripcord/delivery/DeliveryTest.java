package dev.ripcord.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Topic;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class DeliveryTest {

    private static final String TOPIC = Topic.MIGRATION.named(Topic.DEFAULT_PREFIX);
    private static final String DEAD = Topic.MIGRATION.deadLetter(Topic.DEFAULT_PREFIX);

    @Inject
    Walk walk;

    @Inject
    Tasks tasks;

    @Inject
    StateDatabase state;

    private final KafkaBinding binding = new KafkaBinding(Topic.DEFAULT_PREFIX);

    @Test
    void an_event_that_comes_fifty_times_is_one_task_and_announces_one_end() {
        Envelope<?> envelope = started("often");
        for (int i = 0; i < 50; i++) send(binding.write(envelope));
        send(binding.write(started("often")));
        awaitArrival("often");
        assertThat(completions("often")).hasSize(1);
        assertThat(
                        state.query(
                                "select 1 from inbox where envelope -> 'data' ->> 'migration' = 'often' and type = 'migration.started'"))
                .as("two different events, each recorded once")
                .hasSize(2);
    }

    @Test
    void records_that_nobody_can_read_go_to_the_dead_letter_topic_once_and_the_partition_goes_on() {
        String key = "poison-" + UUID.randomUUID();
        send(new ProducerRecord<>(TOPIC, key, "not an event".getBytes(StandardCharsets.UTF_8)));
        ProducerRecord<String, byte[]> unknown =
                new ProducerRecord<>(TOPIC, key, "{}".getBytes(StandardCharsets.UTF_8));
        Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/x", "ce_type", "migration.invented")
                .forEach((name, value) -> unknown.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(unknown);
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "refused", null))));
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "tripped-over", null))));
        send(binding.write(Envelope.of(Inbox.FROM_PEOPLE + "x", new MigrationEvent.Started(key, "forged", null))));
        ProducerRecord<String, byte[]> zeros =
                new ProducerRecord<>(TOPIC, key + "\u0000", "\u0000".getBytes(StandardCharsets.UTF_8));
        zeros.headers().add("a\u0000b", "c\u0000d".getBytes(StandardCharsets.UTF_8));
        send(zeros);
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "after-poison", null))));
        awaitArrival("after-poison");
        List<ConsumerRecord<String, byte[]>> dead = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> read(DEAD).stream()
                                .filter(record -> String.valueOf(record.key()).startsWith(key))
                                .toList(),
                        found -> found.size() >= 6);
        assertThat(dead).hasSize(6);
        assertThat(dead)
                .extracting(record -> new String(
                        record.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .satisfiesExactlyInAnyOrder(
                        reason -> assertThat(reason).contains("not a CloudEvent"),
                        reason -> assertThat(reason).contains("not a CloudEvent"),
                        reason -> assertThat(reason).contains("unknown event type migration.invented"),
                        reason -> assertThat(reason).contains("cannot be taken").contains("nobody thought of it"),
                        reason -> assertThat(reason).contains("not acceptable").contains("only what came over HTTP"),
                        reason -> assertThat(reason).contains("not acceptable"));
    }

    @Test
    void another_event_under_an_id_that_was_seen_is_put_aside_and_said_to_be_that() {
        String key = "twice-" + UUID.randomUUID();
        Envelope<?> first = Envelope.of("/test", new MigrationEvent.Started(key, "first-of-its-id", null));
        send(binding.write(first));
        send(binding.write(first));
        send(binding.write(new Envelope<>(
                first.id(), "/test", first.time(), null, new MigrationEvent.Started(key, "second-of-its-id", null))));
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "after-the-second", null))));
        awaitArrival("after-the-second");
        assertThat(tasks.find(walk, "second-of-its-id")).isEmpty();
        List<ConsumerRecord<String, byte[]>> dead = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> read(DEAD).stream()
                                .filter(record -> key.equals(record.key()))
                                .toList(),
                        found -> !found.isEmpty());
        assertThat(dead)
                .singleElement()
                .satisfies(letter -> assertThat(new String(
                                letter.headers()
                                        .lastHeader("dead-letter-reason")
                                        .value(),
                                StandardCharsets.UTF_8))
                        .contains("another event of /test has the id " + first.id()));
    }

    @Test
    void what_was_seen_before_is_no_dead_letter_however_old_and_whatever_it_lacked() {
        String key = "seen-" + UUID.randomUUID();
        Envelope<?> told = Envelope.of("/test", new MigrationEvent.Started(key, "seen-before", null));
        send(binding.write(told));
        awaitArrival("seen-before");
        // as an earlier version has written it, which did not know that field
        state.query("update inbox set envelope = envelope #- '{data,requestedBy}' where id = $1", told.id());
        ProducerRecord<String, byte[]> again = binding.write(told);
        long yesterday = Instant.now().minus(Duration.ofHours(25)).toEpochMilli();
        send(new ProducerRecord<>(TOPIC, null, yesterday, key, again.value(), again.headers()));
        send(again);
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "after-what-was-seen", null))));
        awaitArrival("after-what-was-seen");
        await().during(Duration.ofSeconds(2))
                .until(() -> read(DEAD).stream().noneMatch(record -> key.equals(record.key())));
    }

    @Test
    void nothing_is_begun_of_what_has_lain_on_its_topic_for_a_day() {
        String key = "old-" + UUID.randomUUID();
        long yesterday = Instant.now().minus(Duration.ofHours(25)).toEpochMilli();
        ProducerRecord<String, byte[]> fresh =
                binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "begun-late", null)));
        send(new ProducerRecord<>(TOPIC, null, yesterday, key, fresh.value(), fresh.headers()));
        Envelope<?> example = new Envelope<>(
                key,
                "/test",
                Instant.parse("2018-04-05T17:31:00Z"),
                null,
                new MigrationEvent.Started(key, "of-an-example", null));
        send(binding.write(example));
        awaitArrival("of-an-example");
        assertThat(tasks.find(walk, "begun-late")).isEmpty();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(read(DEAD).stream().filter(record -> key.equals(record.key())))
                        .singleElement()
                        .satisfies(letter -> assertThat(new String(
                                        letter.headers()
                                                .lastHeader("dead-letter-reason")
                                                .value(),
                                        StandardCharsets.UTF_8))
                                .contains("nothing is begun a day later")));
    }

    @Test
    void an_event_of_the_future_is_one_of_now() {
        Envelope<?> ahead = new Envelope<>(
                UUID.randomUUID().toString(),
                "/test",
                Instant.now().plus(Duration.ofDays(365)),
                null,
                new MigrationEvent.Started("shop", "ahead", null));
        send(binding.write(ahead));
        awaitArrival("ahead");
        String time = state.query("select envelope ->> 'time' from inbox where id = $1", ahead.id())
                .getFirst()
                .getString(0);
        assertThat(Instant.parse(time)).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void poison_that_is_as_large_as_kafka_takes_is_put_aside_cut_and_stops_nothing() {
        String key = "huge-" + UUID.randomUUID();
        ProducerRecord<String, byte[]> huge = new ProducerRecord<>(TOPIC, key, new byte[(8 << 20) - 2_000]);
        huge.headers().add("padding", new byte[1_500]);
        send(huge);
        ProducerRecord<String, byte[]> headers = new ProducerRecord<>(TOPIC, key, new byte[] {1});
        for (int i = 0; i < 7; i++) headers.headers().add("padding" + i, new byte[1 << 20]);
        send(headers);
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "after-the-huge-ones", null))));
        awaitArrival("after-the-huge-ones");
        List<ConsumerRecord<String, byte[]>> dead = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> read(DEAD).stream()
                                .filter(record -> key.equals(record.key()))
                                .toList(),
                        found -> found.size() >= 2);
        assertThat(dead).extracting(record -> record.value().length).containsExactlyInAnyOrder(1 << 20, 1);
        assertThat(dead)
                .extracting(record -> new String(
                        record.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .anySatisfy(reason -> assertThat(reason).contains("a value of 8386608 bytes, the most is 1048576"))
                .anySatisfy(reason -> assertThat(reason).contains("headers of 7340088 bytes, the most is 65536"));
    }

    @Test
    void an_announcement_that_kafka_would_never_take_is_a_failure_of_its_step() {
        walk.burdens.put("laden", "x".repeat(8 << 20));
        send(binding.write(started("laden")));
        awaitArrival("laden");
        assertThat(walk.begun.get("laden")).hasSizeGreaterThan(2);
        assertThat(completions("laden")).hasSize(1);
    }

    @Test
    void a_character_that_postgresql_does_not_keep_is_replaced_and_stops_nothing() {
        walk.stumbles.put("zeros", 1);
        walk.burdens.put("zeros", "nought \0 \\u0000 \0\0 nought");
        send(binding.write(started("zeros")));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(completions("nought \uFFFD \\\\u0000 \uFFFD\uFFFD nought"))
                        .hasSize(1));
    }

    @Test
    void a_step_that_fails_is_done_again() {
        walk.stumbles.put("clumsy", 3);
        send(binding.write(started("clumsy")));
        awaitArrival("clumsy");
        assertThat(walk.begun.get("clumsy")).hasSize(5);
        assertThat(completions("clumsy")).hasSize(1);
    }

    @Test
    void a_step_that_fails_is_counted_where_nobody_knows_what_follows_too() {
        walk.helpless.add("helpless");
        walk.stumbles.put("helpless", 1000);
        send(binding.write(started("helpless")));
        awaitAttempts("helpless", "stumbled over");
        walk.stumbles.put("helpless", 0);
        awaitArrival("helpless");
    }

    @Test
    void what_cannot_be_announced_is_an_attempt_where_nobody_knows_what_follows_too() {
        walk.helpless.add("laden-and-helpless");
        walk.burdens.put("laden-and-helpless", "x".repeat(8 << 20));
        send(binding.write(started("laden-and-helpless")));
        awaitAttempts("laden-and-helpless", "cannot be recorded");
        walk.helpless.remove("laden-and-helpless");
        awaitArrival("laden-and-helpless");
        assertThat(completions("laden-and-helpless")).hasSize(1);
    }

    private void awaitAttempts(String id, String problem) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> tasks.find(walk, id)
                        .filter(task -> task.attempts() > 1
                                && String.valueOf(task.problem()).contains(problem))
                        .isPresent());
    }

    @Test
    void a_step_that_needs_more_memory_than_there_is_is_done_again() {
        walk.bottomless.add("deep");
        send(binding.write(started("deep")));
        awaitArrival("deep");
        assertThat(walk.begun.get("deep")).hasSize(3);
    }

    @Test
    void an_event_that_needs_more_memory_than_there_is_is_put_aside_and_stops_nothing() {
        String key = "deep-" + UUID.randomUUID();
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "too-deep", null))));
        send(binding.write(Envelope.of("/test", new MigrationEvent.Started(key, "after-the-deep-one", null))));
        awaitArrival("after-the-deep-one");
        assertThat(read(DEAD).stream().filter(record -> key.equals(record.key())))
                .extracting(record -> new String(
                        record.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("too little memory");
    }

    @Test
    void a_state_is_read_however_much_it_holds() {
        JsonArray many = new JsonArray();
        for (int n = 0; n < 700_000; n++) many.add(n);
        JsonObject stored = new JsonObject().put("migration", "long").put("unknown", many);
        assertThat(Tasks.state(walk, "First", stored)).isEqualTo(new Walk.State.First("long"));
    }

    @Test
    void a_state_of_a_version_that_knew_less_of_it_is_read() {
        JsonObject stored = new JsonObject().put("migration", "old");
        assertThat(Tasks.state(walk, "Resting", stored)).isEqualTo(new Walk.State.Resting("old", 0, false));
    }

    @Test
    void a_finished_task_can_begin_again_and_one_that_is_under_way_cannot() {
        send(binding.write(started("again")));
        awaitArrival("again");
        assertThat(restarted("again")).isTrue();
        await().untilAsserted(() -> assertThat(completions("again")).hasSize(2));
        send(binding.write(started("patient-again")));
        await().until(() -> walk.begun.containsKey("patient-again"));
        assertThat(restarted("patient-again")).isFalse();
        assertThat(restarted("never-there")).isFalse();
    }

    private boolean restarted(String id) {
        return tasks.record(ledger -> ledger.restart(Walk.KIND, id, new Walk.State.First(id)));
    }

    @Test
    void a_task_belongs_to_the_process_that_makes_it_from_the_first_moment_on() {
        for (int n = 0; n < 10; n++) {
            String never = "never-" + n;
            assertThatThrownBy(() -> tasks.record(ledger -> {
                        made(ledger, never);
                        throw new IllegalStateException("not committed");
                    }))
                    .hasMessage("not committed");
            assertThat(walk.begun).doesNotContainKey(never);
            tasks.record(ledger -> made(ledger, "own-0"));
        }
        List<String> owners = tasks.record(ledger -> List.of(made(ledger, "own-1"), made(ledger, "own-2")));
        assertThat(owners).doesNotContain("");
        awaitArrival("own-1");
        assertThat(walk.begun.get("own-1")).containsExactly(1L, 1L);
    }

    /** Its owner at once; empty where somebody has to claim it. */
    private static String made(Ledger ledger, String id) {
        ledger.start(Walk.KIND, id, "shop", new Walk.State.First(id));
        String owner = ledger.query("select owner from task where id = $1", id)
                .getFirst()
                .getString(0);
        return owner == null ? "" : owner;
    }

    @Test
    void tasks_that_are_more_than_their_maker_begins_at_once_are_claimed_as_are_those_of_one_that_died() {
        List<String> many =
                IntStream.range(0, 20).mapToObj(n -> "one-of-many-" + n).toList();
        List<String> owners =
                tasks.record(ledger -> many.stream().map(id -> made(ledger, id)).toList());
        assertThat(owners).contains("");
        many.forEach(this::awaitArrival);
        state.query("""
                insert into task (kind, id, database_id, state, document, owner, lease_until, fence)
                values ($1, 'orphan', 'shop', 'First', '{"migration": "orphan"}', 'who died', now() + interval '1 second', 1)""", Walk.KIND);
        awaitArrival("orphan");
        assertThat(walk.begun.get("orphan")).containsExactly(2L, 2L);
    }

    @Test
    void a_task_that_ends_wakes_those_that_it_names_and_no_others() {
        List.of("patient-called", "patient-uncalled").forEach(id -> send(binding.write(started(id))));
        await().until(() -> walk.begun.keySet().containsAll(List.of("patient-called", "patient-uncalled")));
        walk.calls.put("caller", List.of("patient-called", "never-there"));
        send(binding.write(started("caller")));
        awaitArrival("caller");
        await().untilAsserted(() -> assertThat(walk.begun.get("patient-called")).hasSize(2));
        assertThat(walk.begun.get("patient-uncalled")).hasSize(1);
    }

    @Test
    void mail_wakes_a_task_that_waits_and_may_come_before_it_exists() {
        send(binding.write(Envelope.of("/test", new MigrationEvent.Failed("shop", "patient-early", "mail"))));
        send(binding.write(started("patient-early")));
        awaitArrival("patient-early");
        send(binding.write(started("patient-late")));
        await().until(() -> walk.begun.containsKey("patient-late"));
        send(binding.write(Envelope.of("/test", new MigrationEvent.Failed("shop", "patient-late", "mail"))));
        awaitArrival("patient-late");
    }

    @Test
    void whoever_lost_the_lease_writes_nothing_and_the_next_owner_has_a_higher_fencing_number() {
        CountDownLatch latch = new CountDownLatch(1);
        walk.held.put("overtaken", latch);
        send(binding.write(started("overtaken")));
        await().until(() -> walk.begun.getOrDefault("overtaken", List.of()).size() == 2);
        state.query(
                "update task set owner = 'another', fence = fence + 1, lease_until = now() + interval '2 seconds' where id = 'overtaken'");
        latch.countDown();
        awaitArrival("overtaken");
        List<Long> fences = walk.begun.getOrDefault("overtaken", List.of());
        assertThat(fences).hasSize(3);
        assertThat(fences.getLast()).isEqualTo(fences.getFirst() + 2);
        assertThat(completions("overtaken"))
                .as("the first owner's announcement was not written")
                .hasSize(1);
    }

    @Test
    void a_step_whose_lease_has_passed_is_not_begun_again_by_the_process_that_is_at_it() {
        CountDownLatch latch = new CountDownLatch(1);
        walk.held.put("lapsed", latch);
        send(binding.write(started("lapsed")));
        await().until(() -> walk.begun.getOrDefault("lapsed", List.of()).size() == 2);
        state.query("update task set lease_until = now() - interval '1 hour' where id = 'lapsed'");
        await().during(Duration.ofMillis(1200))
                .until(() -> walk.begun.getOrDefault("lapsed", List.of()).size() == 2);
        latch.countDown();
        awaitArrival("lapsed");
        assertThat(walk.begun.getOrDefault("lapsed", List.of())).hasSize(2);
    }

    @Test
    void work_goes_on_and_is_told_after_the_state_database_dropped_every_connection() {
        send(binding.write(started("before-cut")));
        awaitArrival("before-cut");
        state.query(
                "select pg_terminate_backend(pid)::text from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        send(binding.write(started("after-cut")));
        awaitArrival("after-cut");
        assertThat(completions("after-cut")).hasSize(1);
    }

    @Test
    void a_topic_that_is_missing_keeps_only_its_own_events_back_until_it_is_made() throws Exception {
        String missing = "ripcord.made-late";
        for (int n = 1; n <= 3; n++) announce(missing, "late " + n);
        announce(TOPIC, "beside");
        await().atMost(Duration.ofSeconds(8)).until(() -> sent("beside"));
        assertThat(sent("late 1")).isFalse();
        send(binding.write(started("beside-missing")));
        awaitArrival("beside-missing");
        assertThat(completions("beside-missing"))
                .as("told once, not with every try")
                .hasSize(1);

        try (Admin admin = Admin.create(Map.<String, Object>of(
                "bootstrap.servers", EmbeddedInfrastructure.shared().kafka()))) {
            admin.createTopics(List.of(new NewTopic(missing, 1, (short) 1)))
                    .all()
                    .get();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> sent("late 3"));
        assertThat(read(missing))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactly("late 1", "late 2", "late 3");
    }

    private void announce(String topic, String value) {
        state.query(
                "insert into outbox (topic, key, value, headers) values ($1, 'shop', $2, '{}')",
                topic,
                Buffer.buffer(value));
    }

    private boolean sent(String value) {
        return !state.query("select 1 from outbox where value = $1 and sent_at is not null", Buffer.buffer(value))
                .isEmpty();
    }

    private void awaitArrival(String id) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> tasks.find(walk, id).filter(Tasks.View::finished).isPresent());
    }

    private List<ConsumerRecord<String, byte[]>> completions(String migration) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !told(migration).isEmpty());
        return told(migration);
    }

    private List<ConsumerRecord<String, byte[]>> told(String migration) {
        return read(TOPIC).stream()
                .filter(record -> record.headers().lastHeader("ce_type") != null)
                .filter(record -> new String(
                                record.headers().lastHeader("ce_type").value(), StandardCharsets.UTF_8)
                        .equals("migration.completed"))
                .filter(record -> new String(record.value(), StandardCharsets.UTF_8).contains('"' + migration + '"'))
                .toList();
    }

    private static Envelope<MigrationEvent.Started> started(String migration) {
        return Envelope.of("/test", new MigrationEvent.Started("shop", migration, "tester"));
    }

    private static void send(ProducerRecord<String, byte[]> record) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", EmbeddedInfrastructure.shared().kafka(), "max.request.size", 8 << 20),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(record);
        }
    }

    /** Everything on a topic, from its beginning. */
    private static List<ConsumerRecord<String, byte[]>> read(String topic) {
        List<ConsumerRecord<String, byte[]>> records = new CopyOnWriteArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", EmbeddedInfrastructure.shared().kafka()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new org.apache.kafka.common.TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
