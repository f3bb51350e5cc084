package dev.ripcord.delivery;

import dev.ripcord.delivery.cdevents.CdEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** An event as it is sent. */
record Letter(String topic, String key, byte[] value, JsonObject headers) {

    /** Of the largest record of a topic, so much is left for headers and framing. */
    private static final int SPARE = 128 << 10;

    /** What the largest record has, and the producer sends: see the topics' and the producer's settings. */
    static final int MOST_BYTES = (8 << 20) - SPARE;

    Letter {
        if (value.length > MOST_BYTES) throw new EventTooLargeException(topic, value.length, MOST_BYTES);
    }

    static Letter of(KafkaBinding binding, Envelope<?> envelope) {
        ProducerRecord<String, byte[]> record = binding.write(envelope);
        if (!KafkaBinding.readable(record.value())) throw new EventTooLargeException(record.topic());
        JsonObject headers = new JsonObject();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return new Letter(record.topic(), record.key(), record.value(), headers);
    }

    /** As the CloudEvents binding for CDEvents says, in binary mode. */
    static Letter of(String topic, Envelope<?> said, CdEvent event) {
        JsonObject headers = new JsonObject()
                .put("ce_specversion", "1.0")
                .put("ce_id", event.id())
                .put("ce_source", said.source())
                .put("ce_type", event.type())
                .put("ce_subject", event.subject())
                .put("ce_time", said.time().toString())
                .put("content-type", "application/json");
        byte[] value = event.document().toString().getBytes(StandardCharsets.UTF_8);
        return new Letter(topic, said.event().database(), value, headers);
    }
}
