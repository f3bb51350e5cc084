package dev.ripcord.databases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The SQL files beside these classes. */
final class SqlResource {

    private SqlResource() {}

    static String read(String name) {
        try (InputStream resource = SqlResource.class.getResourceAsStream(name)) {
            if (resource == null) throw new IllegalStateException(name + " is missing from the jar");
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
