package dev.ripcord.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One realistic event of each kind, as its JSON travels, and the records that foreign clients put it into. */
final class GoldenEvents {

    static final Path FOLDER = Path.of("src/test/resources/golden");
    static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private GoldenEvents() {}

    static ObjectNode golden(Catalogue.Entry entry) throws IOException {
        return (ObjectNode) KafkaBinding.JSON.readTree(
                FOLDER.resolve(entry.type() + ".json").toFile());
    }

    static List<String> requiredFields(Catalogue.Entry entry) throws IOException {
        JsonNode schema = KafkaBinding.JSON.readTree(SchemaOfEvents.file(entry).toFile());
        return Stream.of(schema.get("required"))
                .flatMap(JsonNode::valueStream)
                .map(JsonNode::asText)
                .toList();
    }

    static Envelope<?> read(Catalogue.Entry entry, JsonNode data) throws UnreadableEventException {
        return new KafkaBinding(Topic.DEFAULT_PREFIX).read(binary(entry, data));
    }

    /** The data as it goes out. */
    static ObjectNode written(Envelope<?> envelope) throws IOException {
        return (ObjectNode) KafkaBinding.JSON.readTree(
                new KafkaBinding(Topic.DEFAULT_PREFIX).write(envelope).value());
    }

    /** In binary mode, as a client without a CloudEvents library writes it. */
    static ConsumerRecord<String, byte[]> binary(Catalogue.Entry entry, JsonNode data) {
        return record(
                entry.topic().named(Topic.DEFAULT_PREFIX),
                headers(entry),
                data.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** In structured mode. */
    static ConsumerRecord<String, byte[]> structured(Catalogue.Entry entry, JsonNode data, String contentType) {
        ObjectNode event = KafkaBinding.JSON.createObjectNode();
        event.put("specversion", "1.0")
                .put("id", "e-42")
                .put("source", "/cd/gitlab")
                .put("type", entry.type())
                .put("time", "2026-03-14T02:00:04.5+01:00")
                .put("datacontenttype", "application/json")
                .set("data", data);
        return record(
                entry.topic().named(Topic.DEFAULT_PREFIX),
                Map.of("content-type", contentType),
                event.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Map<String, String> headers(Catalogue.Entry entry) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", "e-42");
        headers.put("ce_source", "/cd/gitlab");
        headers.put("ce_type", entry.type());
        headers.put("ce_time", "2026-03-14T02:00:04.5+01:00");
        headers.put("content-type", "application/json");
        return headers;
    }

    static ConsumerRecord<String, byte[]> record(String topic, Map<String, String> headers, byte... value) {
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(topic, 3, 1017, "shop", Arrays.copyOf(value, value.length));
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
