package dev.ripcord.command.operate;

import java.nio.file.Path;
import java.util.Optional;

/** Where the stack that stays up keeps its data. */
final class DataFolder {

    private DataFolder() {}

    /**
     * {@code $XDG_DATA_HOME/ripcord}, else {@code ~/.local/share/ripcord}; for root {@code /var/lib/ripcord}, because the
     * account that PostgreSQL then runs under cannot enter root's home.
     */
    static Path usual() {
        if ("root".equals(System.getProperty("user.name"))) return Path.of("/var/lib/ripcord");
        return Optional.ofNullable(System.getenv("XDG_DATA_HOME"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local/share"))
                .resolve("ripcord");
    }
}
