package dev.ripcord.databases;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is: an environment variable or a file. It is read at each use, so that a changed one takes effect, and
 * is in no {@code toString}.
 */
public record Secret(@Nullable String env, @Nullable Path file) {

    /**
     * The secret itself.
     *
     * @throws IllegalStateException if it is not there, saying where it was looked for
     */
    public String resolve() {
        if (env != null) {
            String value = System.getenv(env);
            if (value == null) throw new IllegalStateException("Environment variable " + env + " is not set");
            return value;
        }
        if (file == null) throw new IllegalStateException("A secret needs env or file");
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException e) {
            throw new IllegalStateException("Secret file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
