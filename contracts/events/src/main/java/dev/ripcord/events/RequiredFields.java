package dev.ripcord.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which field of an event's data must be there and is not: every one that its record does not declare nullable. */
final class RequiredFields {

    private RequiredFields() {}

    /** The path of the first missing field, for example {@code manifest.tables[3].name}; none where all are there. */
    static Optional<String> missing(Class<?> record, JsonNode data) {
        return inRecord(record, "", data);
    }

    private static Optional<String> inRecord(Class<?> record, String path, JsonNode data) {
        if (!data.isObject()) return Optional.empty();
        return Stream.of(record.getRecordComponents())
                .map(component -> in(component, path, data.get(component.getName())))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> in(RecordComponent component, String path, @Nullable JsonNode value) {
        String field = path.isEmpty() ? component.getName() : path + "." + component.getName();
        return in(component.getAnnotatedType(), field, value);
    }

    private static Optional<String> in(AnnotatedType type, String path, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return type.isAnnotationPresent(Nullable.class) ? Optional.empty() : Optional.of(path);
        }
        if (type.getType() instanceof Class<?> declared && declared.isRecord()) return inRecord(declared, path, value);
        if (!(type instanceof AnnotatedParameterizedType generic)) return Optional.empty();
        AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
        AnnotatedType element = arguments[arguments.length - 1];
        Stream<Optional<String>> inside = value.isArray()
                ? IntStream.range(0, value.size()).mapToObj(i -> in(element, path + "[" + i + "]", value.get(i)))
                : value.properties().stream().map(entry -> entryIn(element, path, entry));
        return inside.flatMap(Optional::stream).findFirst();
    }

    private static Optional<String> entryIn(AnnotatedType type, String path, Map.Entry<String, JsonNode> entry) {
        return in(type, path + "." + entry.getKey(), entry.getValue());
    }
}
