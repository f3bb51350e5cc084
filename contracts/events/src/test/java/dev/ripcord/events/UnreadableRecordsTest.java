package dev.ripcord.events;

import static dev.ripcord.events.GoldenEvents.binary;
import static dev.ripcord.events.GoldenEvents.golden;
import static dev.ripcord.events.GoldenEvents.headers;
import static dev.ripcord.events.GoldenEvents.record;
import static dev.ripcord.events.GoldenEvents.structured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Poison: each such record is refused with a reason that a person can act on, and with nothing else. */
class UnreadableRecordsTest {

    private static final KafkaBinding BINDING = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private static final Catalogue.Entry PROVEN =
            Catalogue.named("snapshot.proven").orElseThrow();
    private static final String CLOUD_EVENTS_JSON = "application/cloudevents+json";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ce_type        | snapshot.forgotten        | unknown event type snapshot.forgotten",
                "ce_dataschema  | urn:ripcord:snapshot.proven:2 | unknown version urn:ripcord:snapshot.proven:2, this version reads urn:ripcord:snapshot.proven:1",
                "ce_dataschema  | urn:ripcord:snapshot.failed:1 | unknown version urn:ripcord:snapshot.failed:1, this version reads urn:ripcord:snapshot.proven:1",
                "ce_type        | migration.started         | migration.started belongs on ripcord.migration, it came on ripcord.snapshot",
                "ce_specversion | 7.3                       | not a CloudEvent: Invalid specversion: 7.3",
                "ce_time        | yesterday                 | not a CloudEvent: ",
                "ce_time        | +57880-01-01T00:00:00Z    | the time +57880-01-01T00:00Z is not between the years 1970 and 2999",
                "ce_time        | 1066-10-14T00:00:00Z      | the time 1066-10-14T00:00Z is not between"
            })
    void a_record_that_belongs_elsewhere_is_refused_with_the_reason(String header, String value, String reason)
            throws IOException {
        Map<String, String> headers = headers(PROVEN);
        headers.put(header, value);
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), reason);
    }

    @Test
    void what_no_service_would_read_is_known_before_it_is_written() {
        String most = "[" + "1,".repeat(599_996) + "1]";
        assertThat(KafkaBinding.readable(most.getBytes(StandardCharsets.UTF_8))).isTrue();
        String more = "[" + "1,".repeat(600_000) + "1]";
        assertThat(KafkaBinding.readable(more.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void a_record_without_a_value_is_refused() throws IOException {
        ConsumerRecord<String, byte[]> tombstone = new ConsumerRecord<>("ripcord.snapshot", 0, 0, "shop", null);
        assertUnreadable(tombstone, "not a CloudEvent: a record without a value");
        binary(PROVEN, golden(PROVEN)).headers().forEach(tombstone.headers()::add);
        assertUnreadable(tombstone, "a record without a value");
    }

    @Test
    void a_record_without_data_is_refused() {
        assertUnreadable(record("ripcord.snapshot", headers(PROVEN)), "snapshot.proven without data");
        ObjectNode envelope = KafkaBinding.JSON.createObjectNode();
        envelope.put("specversion", "1.0").put("id", "1").put("source", "/x").put("type", "snapshot.proven");
        assertUnreadable(structuredText(envelope.toString()), "snapshot.proven without data");
        assertUnreadable(
                structuredText(envelope.putNull("data").toString()),
                "snapshot.proven with data that is no JSON object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_id", "ce_source", "ce_type"})
    void half_a_cloud_event_is_refused(String header) throws IOException {
        Map<String, String> headers = headers(PROVEN);
        headers.remove(header);
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), "not a CloudEvent: ");
    }

    @Test
    void a_structured_event_of_which_half_is_missing_is_refused() {
        assertUnreadable(structuredText("{\"specversion\":\"1.0\",\"id\":\"1\",\"data\":{}}"), "not a CloudEvent: ");
        assertUnreadable(structuredText("{}"), "not a CloudEvent: ");
        assertUnreadable(structuredText("[]"), "not a CloudEvent: ");
        assertUnreadable(structuredText(""), "not a CloudEvent: ");
        assertUnreadable(structuredText("null"), "not a CloudEvent: ");
        assertUnreadable(structuredText("{\"specversion\":\"1.0\""), "not a CloudEvent: ");
    }

    @Test
    void plain_json_and_other_formats_are_refused() throws IOException {
        byte[] data = bytes(golden(PROVEN));
        assertUnreadable(record("ripcord.snapshot", Map.of(), data), "not a CloudEvent: ");
        assertUnreadable(
                record("ripcord.snapshot", Map.of("content-type", "application/json"), data), "not a CloudEvent: ");
        assertUnreadable(
                record("ripcord.snapshot", Map.of("content-type", "application/cloudevents+avro"), data),
                "not a CloudEvent: ");
        assertUnreadable(
                record("ripcord.snapshot", Map.of("content-type", "application/cloudevents-batch+json"), data),
                "not a CloudEvent: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "  ", "{", "{\"database\":\"shop\"", "{} {}", "<event/>", "\u0000", "NaN", "{'database':1}"})
    void data_that_is_no_json_is_refused(String text) {
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), text.getBytes(StandardCharsets.UTF_8)),
                "snapshot.proven with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "42", "\"shop\"", "true"})
    void data_that_is_no_object_is_refused(String text) {
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), text.getBytes(StandardCharsets.UTF_8)),
                "snapshot.proven with data that is no JSON object");
    }

    @Test
    void data_that_is_no_utf_8_is_refused() throws IOException {
        byte[] data = bytes(golden(PROVEN));
        data[data.length / 2] = (byte) 0xFF;
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), data),
                "snapshot.proven with data that does not fit: not UTF-8");
        byte[] overlong = "{\"database\":\"\u00c0\u0080\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), overlong),
                "snapshot.proven with data that does not fit: not UTF-8");
    }

    @Test
    void a_field_that_is_there_twice_is_refused() {
        assertUnreadable(
                record(
                        "ripcord.snapshot",
                        headers(PROVEN),
                        "{\"database\":\"shop\",\"database\":\"bank\"}".getBytes(StandardCharsets.UTF_8)),
                "snapshot.proven with data that does not fit: Duplicate field 'database'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%1$s%1$s", "%s garbage", "[%s]", "\uFEFF%s"})
    void a_structured_record_is_one_event_and_nothing_else(String form) throws IOException {
        String event =
                new String(structured(PROVEN, golden(PROVEN), CLOUD_EVENTS_JSON).value(), StandardCharsets.UTF_8);
        assertUnreadable(whole(form.formatted(event)), "not a CloudEvent: ");
    }

    @Test
    void in_a_structured_record_too_no_field_is_there_twice_and_all_of_it_is_utf_8() throws IOException {
        String event =
                new String(structured(PROVEN, golden(PROVEN), CLOUD_EVENTS_JSON).value(), StandardCharsets.UTF_8);
        assertUnreadable(
                whole(event.replace("\"data\":{", "\"data\":{\"database\":\"bank\",")),
                "not a CloudEvent: Duplicate field 'database'");
        assertUnreadable(
                whole(event.replace("\"id\":", "\"id\":\"e-1\",\"id\":")), "not a CloudEvent: Duplicate field 'id'");
        assertUnreadable(
                record(
                        "ripcord.snapshot",
                        Map.of("content-type", CLOUD_EVENTS_JSON),
                        event.getBytes(StandardCharsets.UTF_16)),
                "not a CloudEvent: not UTF-8");
    }

    private static ConsumerRecord<String, byte[]> whole(String event) {
        return record(
                "ripcord.snapshot", Map.of("content-type", CLOUD_EVENTS_JSON), event.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_id, ' ', an event without an id",
        "ce_id, '', an event without an id",
        "ce_source, '', an event without a source"
    })
    void an_event_that_cannot_be_told_from_others_is_refused(String header, String value, String reason)
            throws IOException {
        Map<String, String> headers = headers(PROVEN);
        headers.put(header, value);
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), reason);
    }

    @Test
    void an_id_that_is_too_long_to_be_remembered_is_refused() throws IOException {
        Map<String, String> headers = headers(PROVEN);
        headers.put("ce_id", "n".repeat(6_000));
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), "id and source of 60");
    }

    @Test
    void what_holds_the_character_nul_is_refused() throws IOException {
        ObjectNode data = golden(PROVEN);
        data.put("unknown", "a\u0000b");
        assertUnreadable(binary(PROVEN, data), "snapshot.proven with the character NUL");
        Map<String, String> headers = headers(PROVEN);
        headers.put("ce_id", "a\u0000b");
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), "an id or source with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void an_empty_text_is_no_time(String text) throws IOException {
        ObjectNode data = golden(PROVEN);
        ((ObjectNode) data.get("manifest")).put("takenAt", text);
        assertUnreadable(binary(PROVEN, data), "snapshot.proven with data that does not fit: manifest.takenAt: ");
    }

    @ParameterizedTest
    @CsvSource({
        "/shadow/oid,            shadow.oid",
        "/shadow/seal,           shadow.seal",
        "/manifest/tables,       manifest.tables",
        "/manifest/tables/1/name, manifest.tables[1].name",
        "/manifest/properties/owner, manifest.properties.owner"
    })
    void a_required_field_deep_inside_is_named(String pointer, String name) throws IOException {
        ObjectNode data = golden(PROVEN);
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) data.at(pointer.substring(0, last))).putNull(pointer.substring(last + 1));
        assertUnreadable(binary(PROVEN, data), "snapshot.proven without " + name);
    }

    @Test
    void a_field_of_another_type_is_named() throws IOException {
        ObjectNode data = golden(PROVEN);
        ((ObjectNode) data.get("shadow")).put("oid", "many");
        assertUnreadable(binary(PROVEN, data), "snapshot.proven with data that does not fit: shadow.oid: ");
        assertUnreadable(
                structured(PROVEN, data, CLOUD_EVENTS_JSON),
                "snapshot.proven with data that does not fit: shadow.oid: ");
    }

    @Test
    void a_record_for_which_a_service_has_no_memory_is_refused_unread() throws IOException {
        byte[] large = new byte[(1 << 20) + 1];
        assertUnreadable(
                record("ripcord.migration", headers(PROVEN), large), "a value of 1048577 bytes, the most is 1048576");
        assertUnreadable(
                record("ripcord.snapshot", Map.of("content-type", CLOUD_EVENTS_JSON), large),
                "a value of 1048577 bytes, the most is 1048576");
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), new byte[(8 << 20) + 1]),
                "a value of 8388609 bytes, the most is 8388608");
        Map<String, String> headers = headers(PROVEN);
        headers.put("ce_id", "x".repeat(64 << 10));
        assertUnreadable(record("ripcord.snapshot", headers, bytes(golden(PROVEN))), "headers of ");
        String many = "{\"a\":[" + "{},".repeat(400_000) + "{}]}";
        assertUnreadable(
                record("ripcord.snapshot", headers(PROVEN), many.getBytes(StandardCharsets.UTF_8)),
                "snapshot.proven with data that does not fit: Token count");
    }

    @Test
    void headers_that_are_empty_are_refused_and_not_tripped_over() throws IOException {
        for (String name : headers(PROVEN).keySet()) {
            ConsumerRecord<String, byte[]> record = binary(PROVEN, golden(PROVEN));
            record.headers().remove(name).add(name, null).add("traceparent", null);
            assertReadOrRefused(record);
        }
    }

    /** The seed is fixed: what fails here fails again. */
    @Test
    void a_mutilated_record_is_read_or_refused_and_nothing_else() throws IOException {
        Random random = new Random(20260314);
        for (int i = 0; i < 2000; i++) {
            Catalogue.Entry entry = Catalogue.ENTRIES.get(random.nextInt(Catalogue.ENTRIES.size()));
            ConsumerRecord<String, byte[]> whole = random.nextBoolean()
                    ? binary(entry, golden(entry))
                    : structured(entry, golden(entry), CLOUD_EVENTS_JSON);
            assertReadOrRefused(mutilated(whole, random));
        }
    }

    private static ConsumerRecord<String, byte[]> mutilated(ConsumerRecord<String, byte[]> whole, Random random) {
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(whole.topic(), 0, 0, whole.key(), mutilated(whole.value(), random));
        for (Header header : whole.headers()) {
            if (random.nextInt(8) == 0) continue;
            record.headers()
                    .add(header.key(), random.nextInt(4) == 0 ? mutilated(header.value(), random) : header.value());
        }
        return record;
    }

    private static byte[] mutilated(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
    }

    private static void assertReadOrRefused(ConsumerRecord<String, byte[]> record) {
        try {
            assertThat(BINDING.read(record).event().database()).isNotNull();
        } catch (UnreadableEventException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotEndWith(": null");
        } catch (RuntimeException e) {
            fail("only UnreadableEventException may come out of " + record, e);
        }
    }

    private static void assertUnreadable(ConsumerRecord<String, byte[]> record, String reason) {
        assertThatThrownBy(() -> BINDING.read(record))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotEndWith(": null")
                .doesNotEndWith(": ");
    }

    private static ConsumerRecord<String, byte[]> structuredText(String text) {
        return record(
                "ripcord.snapshot", Map.of("content-type", CLOUD_EVENTS_JSON), text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
