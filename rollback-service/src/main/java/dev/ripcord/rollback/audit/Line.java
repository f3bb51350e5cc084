package dev.ripcord.rollback.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record as one line of an {@code audit.log}: the time, {@code key=value} pairs, and the first digits of its hash. Of the
 * document, lists are counted, all else is there; what is not plain is in quotes, as in JSON. Whatever an event says, it
 * stays one line.
 */
final class Line {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/@+-]+");
    private static final Pattern NOT_IN_A_KEY = Pattern.compile("[^A-Za-z0-9_.-]");
    private static final Set<String> SHOWN_BEFORE =
            Set.of("database", "rollback", "requestedBy", "approver", "rejectedBy", "cancelledBy", "approvedBy");
    private static final int HASH_DIGITS = 16;

    private final StringBuilder text;

    private Line(Entry entry) {
        text = new StringBuilder(Entry.TIME.format(entry.at()));
        put("position", Long.toString(entry.position()));
        put(entry.direction(), entry.type());
        put("database", entry.database());
        put("rollback", entry.rollback());
        put("actor", entry.actor());
        put("source", entry.source());
        put("event", entry.event());
        putDocument(entry.document());
        put("hash", entry.hash().substring(0, Math.min(HASH_DIGITS, entry.hash().length())));
    }

    static String of(Entry entry) {
        return new Line(entry).text.toString();
    }

    private void putDocument(String document) {
        try {
            KafkaBinding.JSON.readTree(document).properties().forEach(field -> {
                if (!SHOWN_BEFORE.contains(field.getKey())) put(field.getKey(), field.getValue());
            });
        } catch (JsonProcessingException e) {
            put("document", "unreadable");
        }
    }

    private void put(String key, JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT -> value.properties().forEach(field -> put(key + "." + field.getKey(), field.getValue()));
            case ARRAY -> put(key + ".count", Integer.toString(value.size()));
            case NULL, MISSING -> {}
            case BOOLEAN, NUMBER, STRING, BINARY, POJO -> put(key, value.asText());
        }
    }

    private void put(String key, @Nullable String value) {
        if (value == null) return;
        text.append(' ').append(NOT_IN_A_KEY.matcher(key).replaceAll("_")).append('=');
        if (PLAIN.matcher(value).matches()) {
            text.append(value);
            return;
        }
        text.append('"');
        value.codePoints().forEach(this::append);
        text.append('"');
    }

    private void append(int character) {
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {
                for (char unit : Character.toChars(character)) text.append("\\u%04x".formatted((int) unit));
            }
            default -> {
                if (character == '"' || character == '\\') text.append('\\');
                text.appendCodePoint(character);
            }
        }
    }
}
