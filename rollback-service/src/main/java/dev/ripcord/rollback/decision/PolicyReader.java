package dev.ripcord.rollback.decision;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads rules strictly: an unknown field, a field that is there twice or a word of another kind is refused. */
final class PolicyReader {

    private record Rules(@JsonProperty(required = true) List<Rule> rules) {}

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private PolicyReader() {}

    /** The rules of a YAML text, whose name stands in the messages. */
    static List<Rule> read(String file, String yaml) {
        Rules read;
        try {
            read = YAML.readValue(yaml, Rules.class);
        } catch (JsonProcessingException e) {
            throw new InvalidPolicyException(List.of(problem(file, e)));
        }
        return complete(file, read == null ? null : read.rules());
    }

    /** The rules of a database, as its entry has them. */
    static List<Rule> read(String place, List<Map<String, Object>> rules) {
        Rules read;
        try {
            read = YAML.convertValue(Map.of("rules", rules), Rules.class);
        } catch (IllegalArgumentException e) {
            if (e.getCause() instanceof JsonProcessingException cause) {
                throw new InvalidPolicyException(List.of(problem(place, cause)));
            }
            throw e;
        }
        return complete(place, read.rules());
    }

    private static List<Rule> complete(String place, @Nullable List<Rule> rules) {
        if (rules == null || rules.stream().anyMatch(Objects::isNull)) {
            throw new InvalidPolicyException(
                    List.of(place + ": rules: a list of rules is expected, each with its fields"));
        }
        return rules;
    }

    private static String problem(String place, JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String line = location == null || location.getLineNr() < 1 ? "" : ":" + location.getLineNr();
        String field = e instanceof JsonMappingException mapping ? field(mapping) : "";
        String message = e instanceof UnrecognizedPropertyException unknown
                ? "there is no such field; known are " + unknown.getKnownPropertyIds()
                : String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
        return place + line + ": " + (field.isEmpty() ? "" : field + ": ") + message;
    }

    private static String field(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
