package dev.ripcord.rollback.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One record of the trail.
 *
 * @param at when it was recorded, in whole microseconds
 * @param direction {@code heard} or {@code said}
 * @param rollback the rollback's id
 * @param actor who asked, approved, rejected or cancelled, where the event names somebody
 * @param document the event's data, the very text that was hashed
 * @param previous the hash of the record before, in hexadecimal digits; of the first one 64 zeros
 * @param hash over {@code previous} and all other fields
 */
public record Entry(
        long position,
        Instant at,
        String direction,
        String type,
        String event,
        String source,
        String database,
        @Nullable String rollback,
        @Nullable String actor,
        String document,
        String previous,
        String hash) {

    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    /** The hash that this record must have. */
    String computed() {
        String fields = Stream.of(
                        Long.toString(position),
                        TIME.format(at),
                        direction,
                        type,
                        event,
                        source,
                        database,
                        rollback,
                        actor,
                        document)
                .map(Entry::field)
                .collect(Collectors.joining());
        MessageDigest sha256 = sha256();
        sha256.update(HexFormat.of().parseHex(previous));
        return HexFormat.of().formatHex(sha256.digest(fields.getBytes(StandardCharsets.UTF_8)));
    }

    private static String field(@Nullable String content) {
        return content == null ? "-," : content.getBytes(StandardCharsets.UTF_8).length + ":" + content + ",";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
