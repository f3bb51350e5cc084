package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The declared topics and rights are what the services need, and no more. */
@ExtendWith(SuiteExtension.class)
class KafkaFilesTest {

    private static final Path HOME = Installation.here().home();
    private static final String DEAD = ".dead-letter";

    @Test
    void every_topic_is_declared_with_its_dead_letters_and_kafka_takes_them_as_they_are(Scenario story)
            throws Exception {
        List<String> needed = new ArrayList<>(List.of(Topic.DEFAULT_PREFIX + ".cdevents"));
        for (Topic topic : Topic.values()) {
            needed.add(topic.named(Topic.DEFAULT_PREFIX));
            needed.add(topic.deadLetter(Topic.DEFAULT_PREFIX));
        }
        Map<String, JsonNode> declared = declared("topics.yaml", "KafkaTopic");
        assertThat(declared.keySet()).containsExactlyInAnyOrderElementsOf(needed);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", story.suite.stack.bootstrapServers()))) {
            List<NewTopic> topics = declared.entrySet().stream()
                    .map(each -> new NewTopic(
                                    "declared-" + each.getKey(),
                                    each.getValue().get("partitions").asInt(),
                                    (short) 1)
                            .configs(DeliverySystem.texts(each.getValue().get("config"))))
                    .toList();
            List<String> names = topics.stream().map(NewTopic::name).toList();
            try {
                admin.createTopics(topics).all().get();
                assertThat(admin.describeTopics(names).allTopicNames().get()).hasSize(needed.size());
            } finally {
                admin.deleteTopics(names).all().get();
            }
        }
        assertThat(declared.values()).allSatisfy(spec -> {
            assertThat(spec.get("replicas").asInt())
                    .isGreaterThan(spec.at("/config/min.insync.replicas").asInt());
        });
    }

    @Test
    void each_service_may_read_what_it_reads_and_put_aside_what_it_cannot() throws IOException {
        Map<String, JsonNode> users = declared("users.yaml", "KafkaUser");
        for (Service service : Service.values()) {
            Properties settings = settings(service);
            String name = "ripcord-" + settings.getProperty("quarkus.application.name");
            Set<String> read = new TreeSet<>(Arrays.asList(settings.getProperty("mp.messaging.incoming.events.topics")
                    .replace("${ripcord.topic-prefix}", Topic.DEFAULT_PREFIX)
                    .split(",")));
            JsonNode user = one(users, name);

            assertThat(allowed(user, "topic", "Read")).isEqualTo(read);
            assertThat(allowed(user, "group", "Read")).containsExactly(name);
            assertThat(allowed(user, "topic", "Write").stream().filter(topic -> topic.endsWith(DEAD)))
                    .containsExactlyInAnyOrderElementsOf(
                            read.stream().map(topic -> topic + DEAD).toList());
        }
    }

    @Test
    void what_the_services_have_written_they_may_write(Scenario story) throws Exception {
        String migration = OnSpare.gate(story);
        try (ServiceClient client = story.client(Service.SNAPSHOT)) {
            client.post("/gates/spare/" + migration + "/completed", null);
        }
        assertThat(story.suite.events.await(
                        MigrationEvent.Completed.class,
                        event -> event.migration().equals(migration),
                        Scenario.LIMIT))
                .isPresent();
        Map<String, JsonNode> users = declared("users.yaml", "KafkaUser");
        Set<String> written = new TreeSet<>();
        for (ConsumerRecord<String, byte[]> record : everything(story)) {
            Header source = record.headers().lastHeader("ce_source");
            if (source == null) continue;
            String[] path = new String(source.value(), StandardCharsets.UTF_8).split("/");
            if (path.length < 3 || !path[1].equals("ripcord") || !users.containsKey("ripcord-" + path[2])) continue;
            written.add("ripcord-" + path[2] + " " + record.topic());
        }

        assertThat(written).contains("ripcord-snapshot ripcord.snapshot", "ripcord-snapshot ripcord.migration");
        assertThat(written)
                .allSatisfy(line -> assertThat(allowed(one(users, line.split(" ")[0]), "topic", "Write"))
                        .contains(line.split(" ")[1]));
    }

    @Test
    void only_the_rollback_service_and_those_enrolled_for_it_may_ask_for_rollbacks() throws IOException {
        Map<String, JsonNode> users = declared("users.yaml", "KafkaUser");

        assertThat(users.entrySet().stream()
                        .filter(user -> allowed(user.getValue(), "topic", "Write")
                                .contains(Topic.ROLLBACK_REQUEST.named(Topic.DEFAULT_PREFIX)))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("ripcord-rollback", "ripcord-requester");
        Set<String> topics = declared("topics.yaml", "KafkaTopic").keySet();
        String table = Files.readString(HOME.resolve("deploy/docs/kafka.md"));
        users.forEach((name, spec) -> {
            for (JsonNode rule : spec.at("/authorization/acls")) {
                PatternType.fromString(rule.at("/resource/patternType").asText().replace("prefix", "PREFIXED"));
                rule.get("operations")
                        .forEach(operation -> assertThat(AclOperation.fromString(operation.asText()))
                                .isIn(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE));
                if (!rule.at("/resource/type").asText().equals("topic")) continue;
                assertThat(topics).contains(rule.at("/resource/name").asText());
                assertThat(rule.at("/resource/patternType").asText()).isEqualTo("literal");
            }
            assertThat(table).contains(row(name, spec));
        });
    }

    private static JsonNode one(Map<String, JsonNode> users, String name) {
        assertThat(users).containsKey(name);
        return Objects.requireNonNull(users.get(name));
    }

    private static String row(String name, JsonNode user) {
        String reads = names(allowed(user, "topic", "Read"));
        Set<String> written = allowed(user, "topic", "Write");
        String writes = names(new TreeSet<>(
                written.stream().filter(topic -> !topic.endsWith(DEAD)).toList()));
        boolean aside = written.stream().anyMatch(topic -> topic.endsWith(DEAD));
        return "| `" + name + "` | " + reads + " | " + (writes.isEmpty() ? "nothing" : writes)
                + (aside ? ", and the dead letters of what it reads |" : " |");
    }

    private static String names(Set<String> topics) {
        return String.join(", ", topics).replace(Topic.DEFAULT_PREFIX + ".", "");
    }

    private static Set<String> allowed(JsonNode user, String type, String operation) {
        Set<String> names = new TreeSet<>();
        for (JsonNode rule : user.at("/authorization/acls")) {
            boolean meant = rule.get("operations")
                    .valueStream()
                    .anyMatch(each -> each.asText().equals(operation));
            if (meant && rule.at("/resource/type").asText().equals(type)) {
                names.add(rule.at("/resource/name").asText());
            }
        }
        return names;
    }

    private static List<ConsumerRecord<String, byte[]>> everything(Scenario story) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", story.suite.stack.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.concat(
                            Stream.of(Topic.values()).map(topic -> topic.named(Topic.DEFAULT_PREFIX)),
                            Stream.of(Topic.DEFAULT_PREFIX + ".cdevents"))
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static Properties settings(Service service) throws IOException {
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(
                HOME.resolve(service.title()).resolve("src/main/resources/application.properties"))) {
            settings.load(file);
        }
        return settings;
    }

    /** What a file declares by its name. */
    private static Map<String, JsonNode> declared(String file, String kind) throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        Map<String, JsonNode> declared = new LinkedHashMap<>();
        try (var documents = yaml.readerFor(JsonNode.class)
                .<JsonNode>readValues(HOME.resolve("deploy/kafka").resolve(file).toFile())) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                assertThat(document.get("apiVersion").asText()).isEqualTo("kafka.strimzi.io/v1");
                assertThat(document.get("kind").asText()).isEqualTo(kind);
                assertThat(document.at("/metadata/labels").has("strimzi.io/cluster"))
                        .isTrue();
                String name = document.at("/metadata/name").asText();
                assertThat(declared).doesNotContainKey(name);
                declared.put(name, document.get("spec"));
            }
        }
        return declared;
    }
}
