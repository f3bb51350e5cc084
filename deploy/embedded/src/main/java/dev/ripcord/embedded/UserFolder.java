package dev.ripcord.embedded;

import java.nio.file.Path;
import java.util.Optional;

/**
 * This user's folder for what is unpacked once and kept: {@code $XDG_CACHE_HOME/ripcord}, else {@code ~/.cache/ripcord};
 * for root {@code /var/cache/ripcord}, because root's home is closed to the account that PostgreSQL runs under. The
 * system property {@code ripcord.cache} names another.
 */
public final class UserFolder {

    private UserFolder() {}

    /** The folder; it may not exist yet. */
    public static Path path() {
        String chosen = System.getProperty("ripcord.cache");
        if (chosen != null) return Path.of(chosen).toAbsolutePath();
        if (ServerAccount.userId() == 0) return Path.of("/var/cache/ripcord");
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("ripcord");
    }
}
