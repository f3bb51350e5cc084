package dev.ripcord.events;

import static dev.ripcord.events.GoldenEvents.TRACE;
import static dev.ripcord.events.GoldenEvents.binary;
import static dev.ripcord.events.GoldenEvents.golden;
import static dev.ripcord.events.GoldenEvents.headers;
import static dev.ripcord.events.GoldenEvents.record;
import static dev.ripcord.events.GoldenEvents.structured;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records as other programs write them, and ours as they find them. */
class ForeignRecordsTest {

    private static final KafkaBinding BINDING = new KafkaBinding(Topic.DEFAULT_PREFIX);
    private static final Catalogue.Entry STARTED =
            Catalogue.named("migration.started").orElseThrow();
    private static final MigrationEvent.Started EVENT =
            new MigrationEvent.Started("shop", "2026-03-14-drop-legacy-price", "gitlab pipeline 88213");

    @Test
    void a_binary_record_is_read_with_its_attributes() throws Exception {
        Envelope<?> read = BINDING.read(binary(STARTED, golden(STARTED)));
        assertThat(read)
                .isEqualTo(
                        new Envelope<>("e-42", "/cd/gitlab", Instant.parse("2026-03-14T01:00:04.500Z"), null, EVENT));
        assertThat(read.type()).isEqualTo("migration.started");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8",
                "application/json;charset=UTF-8",
                "text/json",
                "application/vnd.acme.migration+json"
            })
    void a_binary_record_may_name_its_json_in_other_ways(String contentType) throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.put("content-type", contentType);
        assertThat(readBinary(headers).event()).isEqualTo(EVENT);
    }

    @Test
    void a_binary_record_may_lack_time_and_content_type_and_carry_headers_of_others() throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.remove("ce_time");
        headers.remove("content-type");
        headers.put("ce_stage", "7");
        headers.put("X-Request-Id", "r-1");
        headers.put("b3", "0");
        RecordHeaders all = new RecordHeaders();
        headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.UTF_8)));
        all.add("empty", null);
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>(
                "ripcord.migration",
                0,
                1,
                1_773_450_000_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                null,
                golden(STARTED).toString().getBytes(StandardCharsets.UTF_8),
                all,
                null);
        Envelope<?> read = BINDING.read(record);
        assertThat(read.event()).isEqualTo(EVENT);
        assertThat(read.time()).isEqualTo(Instant.ofEpochMilli(1_773_450_000_000L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/cloudevents+json",
                "application/cloudevents+json; charset=UTF-8",
                "application/cloudevents+json;charset=utf-8",
                "Application/CloudEvents+JSON",
                "application/cloudevents+json ; charset=utf-8"
            })
    void a_structured_record_is_read(String contentType) throws Exception {
        Envelope<?> read = BINDING.read(structured(STARTED, golden(STARTED), contentType));
        assertThat(read.event()).isEqualTo(EVENT);
        assertThat(read.id()).isEqualTo("e-42");
        assertThat(read.time()).isEqualTo(Instant.parse("2026-03-14T01:00:04.500Z"));
    }

    @Test
    void a_structured_record_may_carry_its_data_in_base64() throws Exception {
        ObjectNode event = KafkaBinding.JSON.createObjectNode();
        event.put("specversion", "1.0").put("id", "e-1").put("source", "kcat").put("type", "migration.started");
        event.put(
                "data_base64",
                Base64.getEncoder().encodeToString(golden(STARTED).toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(BINDING.read(record(
                                "ripcord.migration",
                                Map.of("content-type", "application/cloudevents+json"),
                                event.toString().getBytes(StandardCharsets.UTF_8)))
                        .event())
                .isEqualTo(EVENT);
    }

    @Test
    void in_a_structured_record_the_envelope_counts_and_not_the_headers() throws Exception {
        ConsumerRecord<String, byte[]> record = structured(STARTED, golden(STARTED), "application/cloudevents+json");
        headers(Catalogue.named("rollback.requested").orElseThrow()).forEach((name, value) -> {
            if (name.startsWith("ce_")) record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
        });
        assertThat(BINDING.read(record).type()).isEqualTo("migration.started");
    }

    @Test
    void a_dataschema_of_others_is_nobodys_business() throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.put("ce_dataschema", "https://schemas.acme.example/migration/3");
        assertThat(readBinary(headers).event()).isEqualTo(EVENT);
        headers.put("ce_dataschema", STARTED.dataschema());
        assertThat(readBinary(headers).event()).isEqualTo(EVENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"traceparent", "ce_traceparent"})
    void the_trace_is_found_in_the_header_and_in_the_extension(String name) throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.put(name, TRACE);
        assertThat(readBinary(headers).traceparent()).isEqualTo(TRACE);
    }

    @Test
    void the_header_that_a_tracing_client_wrote_wins_over_the_extension() throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.put("traceparent", TRACE);
        headers.put("ce_traceparent", TRACE.replace("4bf9", "aaaa"));
        assertThat(readBinary(headers).traceparent()).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void a_trace_that_is_none_is_passed_over(String trace) throws Exception {
        Map<String, String> headers = headers(STARTED);
        headers.put("traceparent", trace);
        assertThat(readBinary(headers).traceparent()).isNull();
    }

    @Test
    void an_event_goes_out_in_binary_mode_under_its_databases_key() {
        ProducerRecord<String, byte[]> record = new KafkaBinding("acme")
                .write(new Envelope<>("e-7", "/ripcord/cli", Instant.parse("2026-03-14T02:00:04.5Z"), TRACE, EVENT));
        assertThat(record.topic()).isEqualTo("acme.migration");
        assertThat(record.key()).isEqualTo("shop");
        assertThat(record.value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"database\":\"shop\",\"migration\":\"2026-03-14-drop-legacy-price\","
                        + "\"requestedBy\":\"gitlab pipeline 88213\"}");
        assertThat(texts(record))
                .isEqualTo(new TreeMap<>(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "e-7",
                        "ce_source", "/ripcord/cli",
                        "ce_type", "migration.started",
                        "ce_time", "2026-03-14T02:00:04.5Z",
                        "ce_subject", "shop",
                        "ce_dataschema", "urn:ripcord:migration.started:1",
                        "ce_traceparent", TRACE,
                        "content-type", "application/json",
                        "traceparent", TRACE)));
    }

    @Test
    void what_goes_out_comes_in_again_as_it_was() throws Exception {
        for (Catalogue.Entry entry : Catalogue.ENTRIES) {
            Envelope<?> read = GoldenEvents.read(entry, golden(entry)).in(TRACE);
            ProducerRecord<String, byte[]> out = BINDING.write(read);
            ConsumerRecord<String, byte[]> in = new ConsumerRecord<>(out.topic(), 0, 0, out.key(), out.value());
            out.headers().forEach(in.headers()::add);
            assertThat(BINDING.read(in)).isEqualTo(read);
        }
    }

    private static Envelope<?> readBinary(Map<String, String> headers) throws Exception {
        return BINDING.read(
                record("ripcord.migration", headers, golden(STARTED).toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, String> texts(ProducerRecord<?, ?> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .collect(Collectors.toMap(
                        header -> header.key(),
                        header -> new String(header.value(), StandardCharsets.UTF_8),
                        (one, other) -> one + " and " + other,
                        TreeMap::new));
    }
}
