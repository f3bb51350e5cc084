package dev.ripcord.command.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ripcord.databases.Databases;
import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes {@code databases.yaml}. */
public final class DatabasesFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private DatabasesFile() {}

    /** A chat's incoming webhook, whose address is a secret. */
    public static Map<String, Object> slack(String id, Path url) {
        Map<String, Object> channel = new LinkedHashMap<>();
        channel.put("id", id);
        channel.put("kind", "slack");
        channel.put("url", secret(url));
        return channel;
    }

    /** A subscriber's webhook, signed with a key. */
    public static Map<String, Object> webhook(String id, Path url, Path signingKey) {
        Map<String, Object> channel = new LinkedHashMap<>();
        channel.put("id", id);
        channel.put("kind", "webhook");
        channel.put("url", secret(url));
        channel.put("signingKey", secret(signingKey));
        return channel;
    }

    /** A secret by its file. */
    public static Map<String, Object> secret(Path file) {
        return Map.of("file", file.toString());
    }

    /** What belongs into the entry of a database, indented as it stands there. */
    public static String within(Map<String, Object> fields) {
        return yaml(fields).indent(4);
    }

    /** The file as text. */
    public static String text(List<Map<String, Object>> databases, List<Map<String, Object>> channels) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("databases", databases);
        if (!channels.isEmpty()) file.put("channels", channels);
        return yaml(file);
    }

    private static String yaml(Map<String, Object> content) {
        try {
            return YAML.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and lists can be written as YAML", e);
        }
    }

    /** Writes it, and reads it as the services will, so that a mistake shows here. */
    public static void write(Path path, List<Map<String, Object>> databases, List<Map<String, Object>> channels) {
        try {
            Files.writeString(path, text(databases, channels));
        } catch (IOException e) {
            throw new CannotStartException("cannot write " + path + ": " + e, e);
        }
        Databases.read(path);
    }
}
