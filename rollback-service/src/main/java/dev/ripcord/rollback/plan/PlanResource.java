package dev.ripcord.rollback.plan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Files beside the classes of this package. */
final class PlanResource {

    private PlanResource() {}

    static String text(String name) {
        try (InputStream resource = PlanResource.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }

    /** Lines of a name, a semicolon, and what belongs to it. */
    static Map<String, String> pairs(String name) {
        Map<String, String> pairs = new TreeMap<>();
        text(name).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int end = line.indexOf(';');
            pairs.put(line.substring(0, end), line.substring(end + 1));
        });
        return pairs;
    }
}
