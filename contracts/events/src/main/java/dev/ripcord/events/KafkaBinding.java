package dev.ripcord.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 on Kafka ("Kafka Protocol Binding for CloudEvents", version 1.0.2): reads both content modes, writes
 * the binary one, JSON data, the database's id as key. Unknown fields of the data are ignored.
 */
public final class KafkaBinding {

    private static final String DATASCHEMA = "urn:ripcord:";

    /** JSON as events use it: instants as ISO 8601 text, unknown fields ignored, null for absent. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final String prefix;

    /**
     * A binding for topics under one prefix.
     *
     * @param prefix for example {@value Topic#DEFAULT_PREFIX}
     */
    public KafkaBinding(String prefix) {
        this.prefix = prefix;
    }

    /** The record that carries an event, in binary mode. */
    public ProducerRecord<String, byte[]> write(Envelope<?> envelope) {
        RipcordEvent event = envelope.event();
        Catalogue.Entry entry = Catalogue.of(event);
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(envelope.id())
                .withSource(URI.create(envelope.source()))
                .withType(entry.type())
                .withSubject(event.database())
                .withTime(OffsetDateTime.ofInstant(envelope.time(), ZoneOffset.UTC))
                .withDataSchema(URI.create(entry.dataschema()))
                .withData("application/json", data(event));
        String trace = envelope.traceparent();
        if (trace != null) builder.withExtension("traceparent", trace);
        ProducerRecord<String, byte[]> record = KafkaMessageFactory.createWriter(
                        entry.topic().named(prefix), null, null, event.database())
                .writeBinary(builder.build());
        if (trace != null) record.headers().add("traceparent", trace.getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    /**
     * The event that a record carries, in either content mode.
     *
     * @throws UnreadableEventException if it is none that this version of the suite knows, with the reason
     */
    public Envelope<?> read(ConsumerRecord<?, byte[]> record) throws UnreadableEventException {
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(record).toEvent();
        } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw new UnreadableEventException("not a CloudEvent: " + e.getMessage(), e);
        }
        Catalogue.Entry entry = Catalogue.named(event.getType())
                .orElseThrow(() -> new UnreadableEventException("unknown event type " + event.getType()));
        if (!entry.topic().named(prefix).equals(record.topic())) {
            throw new UnreadableEventException(
                    entry.type() + " belongs on " + entry.topic().named(prefix) + ", it came on " + record.topic());
        }
        requireKnownVersion(entry, event.getDataSchema());
        return new Envelope<>(
                event.getId(),
                event.getSource().toString(),
                time(event, record),
                trace(event, record),
                data(entry, event.getData()));
    }

    private static byte[] data(RipcordEvent event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event's record must be writable as JSON: " + event.getClass(), e);
        }
    }

    private static RipcordEvent data(Catalogue.Entry entry, @Nullable CloudEventData data)
            throws UnreadableEventException {
        if (data == null) throw new UnreadableEventException(entry.type() + " without data");
        RipcordEvent event;
        try {
            event = JSON.readValue(data.toBytes(), entry.record());
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEventException(entry.type() + " with data that does not fit: " + firstLine(e), e);
        }
        if (event == null) throw new UnreadableEventException(entry.type() + " with null as data");
        requireComplete(entry, event);
        return event;
    }

    private static void requireComplete(Catalogue.Entry entry, RipcordEvent event) throws UnreadableEventException {
        for (RecordComponent component : entry.record().getRecordComponents()) {
            if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) continue;
            try {
                if (component.getAccessor().invoke(event) == null) {
                    throw new UnreadableEventException(entry.type() + " without " + component.getName());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("A record's accessors are public", e);
            }
        }
    }

    private static void requireKnownVersion(Catalogue.Entry entry, @Nullable URI dataschema)
            throws UnreadableEventException {
        if (dataschema == null || !dataschema.toString().startsWith(DATASCHEMA)) return;
        if (!dataschema.toString().equals(entry.dataschema())) {
            throw new UnreadableEventException(
                    "unknown version " + dataschema + ", this version reads " + entry.dataschema());
        }
    }

    private static Instant time(CloudEvent event, ConsumerRecord<?, ?> record) {
        OffsetDateTime time = event.getTime();
        return time == null ? Instant.ofEpochMilli(record.timestamp()) : time.toInstant();
    }

    private static @Nullable String trace(CloudEvent event, ConsumerRecord<?, ?> record) {
        Header header = record.headers().lastHeader("traceparent");
        if (header != null) return new String(header.value(), StandardCharsets.US_ASCII);
        Object extension = event.getExtension("traceparent");
        return extension == null ? null : extension.toString();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}
