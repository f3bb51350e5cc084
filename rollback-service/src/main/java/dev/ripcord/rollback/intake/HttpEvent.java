package dev.ripcord.rollback.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Topic;
import dev.ripcord.events.UnreadableEventException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A CloudEvent as HTTP carries it, read as the record that would carry it on Kafka. */
final class HttpEvent {

    private static final String STRUCTURED = "application/cloudevents";

    private HttpEvent() {}

    static Envelope<?> read(KafkaBinding binding, Map<String, List<String>> headers, byte[] body)
            throws UnreadableEventException {
        String contentType = headers.entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
                .map(header -> header.getValue().getFirst())
                .findFirst()
                .orElse("");
        boolean structured = contentType.toLowerCase(Locale.ROOT).startsWith(STRUCTURED);
        if (contentType.toLowerCase(Locale.ROOT).startsWith(STRUCTURED + "-batch")) {
            throw new UnreadableEventException("one event at a time: batches are not taken");
        }
        RecordHeaders record = new RecordHeaders();
        record.add("content-type", contentType.getBytes(StandardCharsets.UTF_8));
        String type = structured ? type(body) : "";
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (structured || !name.startsWith("ce-")) continue;
            String value = decoded(header.getValue().getFirst());
            if (name.equals("ce-type")) type = value;
            record.add("ce_" + name.substring(3), value.getBytes(StandardCharsets.UTF_8));
        }
        if (type.isEmpty()) throw new UnreadableEventException("not a CloudEvent: there is no type");
        Topic topic = KafkaBinding.meant(type).map(Catalogue.Entry::topic).orElse(Topic.DEPLOYMENT);
        return binding.read(new ConsumerRecord<>(
                binding.named(topic),
                0,
                0,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                -1,
                body.length,
                "",
                body,
                record,
                java.util.Optional.empty()));
    }

    private static String type(byte[] body) throws UnreadableEventException {
        try {
            JsonNode tree = KafkaBinding.JSON.readTree(body);
            return tree.path("type").asText();
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("not a CloudEvent: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UnreadableEventException("not a CloudEvent: " + e.getMessage(), e);
        }
    }

    /** The values of attributes are percent-encoded (3.1.3.2 of the binding). */
    private static String decoded(String value) throws UnreadableEventException {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnreadableEventException("a header of the event is not percent-encoded: " + e.getMessage(), e);
        }
    }
}
