package dev.ripcord.delivery;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that nobody can read, as it goes to its dead-letter topic: with the reason and where it came from. So much of it
 * that Kafka takes it for sure; the whole is where it came from.
 *
 * @param place topic, partition and offset of the record
 */
record DeadLetter(
        String topic, String place, @Nullable String key, byte @Nullable [] value, JsonObject headers, String reason) {

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_HEADERS = 64;
    private static final int MOST_CHARACTERS = 2_000;

    static DeadLetter of(ConsumerRecord<String, byte[]> record, String reason) {
        String place = record.topic() + "/" + record.partition() + "/" + record.offset();
        JsonObject headers = new JsonObject();
        for (Header header : record.headers()) {
            if (headers.size() == MOST_HEADERS) break;
            headers.put(text(header.key()), header.value() == null ? "" : text(header.value()));
        }
        byte[] value = record.value();
        if (value != null && value.length > MOST_BYTES) {
            headers.put("dead-letter-cut", value.length + " bytes, of which these are the first");
            value = Arrays.copyOf(value, MOST_BYTES);
        }
        String why = text(reason);
        headers.put("dead-letter-reason", why).put("dead-letter-from", place);
        String key = record.key() == null ? null : text(record.key());
        return new DeadLetter(record.topic() + ".dead-letter", place, key, value, headers, why);
    }

    private static String text(byte[] bytes) {
        byte[] some = bytes.length > 4 * MOST_CHARACTERS ? Arrays.copyOf(bytes, 4 * MOST_CHARACTERS) : bytes;
        return text(new String(some, StandardCharsets.UTF_8));
    }

    /** PostgreSQL's text cannot hold NUL: a record must not stop the intake by it. */
    private static String text(String any) {
        String some = any.length() > MOST_CHARACTERS ? any.substring(0, MOST_CHARACTERS) + "…" : any;
        return some.replace('\u0000', '\ufffd');
    }
}
