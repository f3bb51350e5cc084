package dev.ripcord.notifier.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonFormat;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;

/** An event as CloudEvents 1.0 in structured JSON, without what checks expected and found, which may be rows. */
final class StructuredEvent {

    private static final JsonFormat FORMAT = new JsonFormat();

    private StructuredEvent() {}

    static String json(Envelope<?> envelope) {
        Catalogue.Entry entry = Catalogue.of(envelope.event());
        CloudEventBuilder event = CloudEventBuilder.v1()
                .withId(envelope.id())
                .withSource(URI.create(envelope.source()))
                .withType(entry.type())
                .withSubject(envelope.event().database())
                .withTime(envelope.time().atOffset(ZoneOffset.UTC))
                .withDataSchema(URI.create(entry.dataschema()))
                .withData("application/json", data(envelope));
        if (envelope.traceparent() != null) event.withExtension("traceparent", envelope.traceparent());
        if (envelope.previous() != null) event.withExtension("previous", envelope.previous());
        return new String(FORMAT.serialize(event.build()), StandardCharsets.UTF_8);
    }

    private static byte[] data(Envelope<?> envelope) {
        try {
            JsonNode data = KafkaBinding.JSON.valueToTree(envelope.event());
            for (JsonNode check : data.path("checks")) {
                for (JsonNode finding : check.path("findings")) {
                    ((ObjectNode) finding).put("expected", "").put("found", "");
                }
            }
            return KafkaBinding.JSON.writeValueAsBytes(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An event's record must be writable as JSON", e);
        }
    }
}
