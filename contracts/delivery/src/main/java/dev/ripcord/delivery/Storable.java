package dev.ripcord.delivery;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a text PostgreSQL can keep: no zero character (manual, 8.14 "JSON Types"), which the damaged file or the server that a failure
 * quotes may hold. A step whose outcome could not be recorded for it would be done again for ever; what others ask for with one is refused.
 */
final class Storable {

    private static final String ZERO = "\\u0000";

    /** Its escape, and not a backslash before the same letters. */
    private static final Pattern ESCAPED = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private static final char REPLACEMENT = '\uFFFD';

    private Storable() {}

    static @Nullable String text(@Nullable String text) {
        return text == null ? null : text.replace('\0', REPLACEMENT);
    }

    static JsonObject of(Object state) {
        return new JsonObject(json(Ledger.text(state)));
    }

    private static String json(String json) {
        return json.contains(ZERO) ? ESCAPED.matcher(json).replaceAll("$1" + REPLACEMENT) : json;
    }

    static byte[] json(byte[] json) {
        return new String(json, StandardCharsets.ISO_8859_1).contains(ZERO)
                ? json(new String(json, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8)
                : json;
    }
}
