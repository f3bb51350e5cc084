package dev.ripcord.events;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.ripcord.events.cdevents.CdEvent;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 on Kafka ("Kafka Protocol Binding for CloudEvents", version 1.0.2): reads both content modes, writes
 * the binary one, JSON data, the database's id as key. Unknown fields of the data are ignored. CDEvents that say the same
 * as an event of ours are read as that event.
 */
public final class KafkaBinding {

    private static final String DATASCHEMA = "urn:ripcord:";
    private static final String PREVIOUS = "previous";
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2999;
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    /** What a structured event may have, whose library reads it whole; and the headers of any record together. */
    private static final int MOST_STRUCTURED_BYTES = 1 << 20;

    private static final int MOST_HEADER_BYTES = 64 << 10;

    /** Of id and source together: what an index of PostgreSQL takes. */
    private static final int MOST_NAME_BYTES = 2_000;

    private static final String CONTENT_TYPE = "content-type";
    private static final String STRUCTURED = "application/cloudevents";

    /** A manifest with tens of thousands of tables has fewer; so many of the smallest take some 50 MB. */
    private static final int MOST_TOKENS = 600_000;

    /**
     * JSON as events use it: instants as ISO 8601 text, unknown fields ignored, null for absent, no field twice, and no more
     * of it than a service has memory for.
     */
    public static final ObjectMapper JSON = json(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    /** The same for what a service wrote itself: read however much it is, and what its version did not know yet is zero or false. */
    public static final ObjectMapper STORED = json(StreamReadConstraints.builder());

    private final String prefix;

    /**
     * A binding for topics under one prefix.
     *
     * @param prefix for example {@value Topic#DEFAULT_PREFIX}
     */
    public KafkaBinding(String prefix) {
        this.prefix = prefix;
    }

    /** A topic's name under this binding's prefix. */
    public String named(Topic topic) {
        return topic.named(prefix);
    }

    private static ObjectMapper json(StreamReadConstraints.Builder most) {
        return JsonMapper.builder(new JsonFactoryBuilder()
                        .streamReadConstraints(most.build())
                        .build())
                .addModule(new JavaTimeModule())
                // otherwise an empty text would be no time, and no number, where there has to be one
                .withCoercionConfigDefaults(
                        coercions -> coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build();
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
        if (envelope.previous() != null) builder.withExtension(PREVIOUS, envelope.previous());
        ProducerRecord<String, byte[]> record = KafkaMessageFactory.createWriter(
                        entry.topic().named(prefix), null, null, event.database())
                .writeBinary(builder.build());
        if (trace != null) record.headers().add("traceparent", trace.getBytes(StandardCharsets.US_ASCII));
        return record;
    }

    /** Whether {@link #JSON} reads so much, whatever it says. */
    public static boolean readable(byte[] json) {
        if (json.length <= MOST_TOKENS) return true;
        try (JsonParser parser = JSON.createParser(json)) {
            JsonToken token;
            do token = parser.nextToken();
            while (token != null);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The event that a record carries, in either content mode.
     *
     * @throws UnreadableEventException if it is none that this version of the suite knows, with the reason
     */
    public Envelope<?> read(ConsumerRecord<?, byte[]> record) throws UnreadableEventException {
        requireFit(record);
        CloudEvent event = cloudEvent(record);
        Catalogue.Entry entry = entry(event.getType());
        if (!entry.topic().named(prefix).equals(record.topic())) {
            throw new UnreadableEventException(
                    entry.type() + " belongs on " + entry.topic().named(prefix) + ", it came on " + record.topic());
        }
        requireKnownVersion(entry, event.getDataSchema());
        requireName(event);
        return new Envelope<>(
                event.getId(),
                event.getSource().toString(),
                time(event, record),
                trace(event, record),
                event.getExtension(PREVIOUS) instanceof String previous ? previous : null,
                data(entry, event.getType(), event.getData()));
    }

    private void requireFit(ConsumerRecord<?, byte[]> record) throws UnreadableEventException {
        int headers = 0;
        for (Header header : record.headers()) {
            headers += header.key().length() + (header.value() == null ? 0 : header.value().length);
        }
        requireFit("headers", headers, MOST_HEADER_BYTES);
        int most = Arrays.stream(Topic.values())
                .filter(topic -> topic.named(prefix).equals(record.topic()))
                .mapToInt(Topic::mostBytes)
                .findFirst()
                .orElse(MOST_STRUCTURED_BYTES);
        if (record.headers().lastHeader("ce_specversion") == null) most = Math.min(most, MOST_STRUCTURED_BYTES);
        requireFit("a value", record.value() == null ? 0 : record.value().length, most);
    }

    private static void requireFit(String what, int bytes, int most) throws UnreadableEventException {
        if (bytes > most) throw new UnreadableEventException(what + " of " + bytes + " bytes, the most is " + most);
    }

    /** "MUST be a non-empty string", and one that can be remembered (CloudEvents 1.0.2, "id" and "source"). */
    private static void requireName(CloudEvent event) throws UnreadableEventException {
        String source = event.getSource().toString();
        if ((event.getId() + source).indexOf('\u0000') >= 0) {
            throw new UnreadableEventException("an id or source with the character NUL");
        }
        if (event.getId().isBlank()) throw new UnreadableEventException("an event without an id");
        if (source.isBlank()) throw new UnreadableEventException("an event without a source");
        int bytes = (event.getId() + source).getBytes(StandardCharsets.UTF_8).length;
        requireFit("id and source", bytes, MOST_NAME_BYTES);
    }

    private static Catalogue.Entry entry(String type) throws UnreadableEventException {
        return meant(type).orElseThrow(() -> new UnreadableEventException("unknown event type " + type));
    }

    /** The event that a CloudEvents type stands for: one of the catalogue, or a CDEvent that says the same. */
    public static Optional<Catalogue.Entry> meant(String type) {
        return Catalogue.named(type).or(() -> CdEvent.meant(type));
    }

    /** A foreign record can be malformed in ways for which the library has no exception of its own. */
    private static CloudEvent cloudEvent(ConsumerRecord<?, byte[]> record) throws UnreadableEventException {
        if (record.value() == null) throw new UnreadableEventException("not a CloudEvent: a record without a value");
        try {
            Headers headers = settled(record.headers());
            Header type = headers.lastHeader(CONTENT_TYPE);
            if (type != null && said(type).startsWith(STRUCTURED)) requireOneDocument(record.value());
            return KafkaMessageFactory.createReader(headers, record.value()).toEvent();
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEventException("not a CloudEvent: " + reason(e), e);
        }
    }

    /** The library takes the first of several documents, and the last of a field that is there twice. */
    private static void requireOneDocument(byte[] value) throws IOException {
        if (!JSON.readTree(text(value)).isObject()) throw new IOException("no JSON object");
    }

    /** Media types are the same in either case (RFC 9110, section 8.3.1); the library knows one spelling. */
    private static Headers settled(Headers headers) {
        RecordHeaders settled = new RecordHeaders(headers);
        Header type = headers.lastHeader(CONTENT_TYPE);
        if (type == null) return settled;
        String said = said(type);
        int parameters = said.indexOf(';');
        String name = (parameters < 0 ? said : said.substring(0, parameters)).strip();
        String rest = parameters < 0 ? "" : said.substring(parameters);
        settled.remove(CONTENT_TYPE);
        return settled.add(CONTENT_TYPE, (name.toLowerCase(Locale.ROOT) + rest).getBytes(StandardCharsets.UTF_8));
    }

    private static String said(Header header) {
        return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] data(RipcordEvent event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event's record must be writable as JSON: " + event.getClass(), e);
        }
    }

    private static RipcordEvent data(Catalogue.Entry entry, String type, @Nullable CloudEventData data)
            throws UnreadableEventException {
        if (data == null) throw new UnreadableEventException(entry.type() + " without data");
        try {
            JsonNode tree = JSON.readTree(text(data.toBytes()));
            if (tree.isMissingNode()) throw new UnreadableEventException(entry.type() + " without data");
            if (!tree.isObject())
                throw new UnreadableEventException(entry.type() + " with data that is no JSON object");
            if (holdsNul(tree)) {
                throw new UnreadableEventException(entry.type() + " with the character NUL, which no service can keep");
            }
            if (!type.equals(entry.type())) tree = CdEvent.data(type, tree);
            Optional<String> missing = RequiredFields.missing(entry.record(), tree);
            if (missing.isPresent()) throw new UnreadableEventException(entry.type() + " without " + missing.get());
            return JSON.treeToValue(tree, entry.record());
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEventException(entry.type() + " with data that does not fit: " + reason(e), e);
        }
    }

    private static boolean holdsNul(JsonNode node) {
        if (node.isTextual()) return node.textValue().indexOf('\u0000') >= 0;
        for (var field : node.properties()) {
            if (field.getKey().indexOf('\u0000') >= 0 || holdsNul(field.getValue())) return true;
        }
        for (JsonNode element : node) {
            if (node.isArray() && holdsNul(element)) return true;
        }
        return false;
    }

    /** Strictly: Jackson lets some byte sequences pass that are not UTF-8, and guesses other encodings. */
    private static String text(byte[] bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException("not UTF-8", e);
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

    /** One of our time: with milliseconds that are taken for seconds an event would be the newest for ever. */
    private static Instant time(CloudEvent event, ConsumerRecord<?, ?> record) throws UnreadableEventException {
        OffsetDateTime said = event.getTime();
        OffsetDateTime time = said == null
                ? Instant.ofEpochMilli(Math.max(0, record.timestamp())).atOffset(ZoneOffset.UTC)
                : said;
        if (time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR) {
            throw new UnreadableEventException(
                    "the time " + time + " is not between the years " + FIRST_YEAR + " and " + LAST_YEAR);
        }
        return time.toInstant();
    }

    /** As the W3C asks, a trace context that is not well-formed counts as none. */
    private static @Nullable String trace(CloudEvent event, ConsumerRecord<?, ?> record) {
        Header header = record.headers().lastHeader("traceparent");
        Object extension = event.getExtension("traceparent");
        String trace = header != null && header.value() != null
                ? new String(header.value(), StandardCharsets.US_ASCII)
                : String.valueOf(extension);
        return TRACEPARENT.matcher(trace).matches() ? trace : null;
    }

    private static String reason(Exception e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String first = String.valueOf(message)
                .lines()
                .findFirst()
                .filter(line -> message != null)
                .orElse(e.getClass().getSimpleName());
        return e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
                ? field(mapping) + ": " + first
                : first;
    }

    private static String field(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
