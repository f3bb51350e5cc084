package dev.ripcord.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fresh folders of the build's own target folder, which the account of the server may enter. */
final class Folders {

    private Folders() {}

    static Path fresh(String name) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "folders").toAbsolutePath());
        return Files.createTempDirectory(parent, name + "-");
    }
}
