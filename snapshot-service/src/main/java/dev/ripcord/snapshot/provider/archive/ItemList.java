package dev.ripcord.snapshot.provider.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Some items of an archive, for pg_restore to take no others; a file, gone when this is closed. */
record ItemList(Path file) implements AutoCloseable {

    /** Lines of its table of contents. */
    static ItemList of(List<String> items) {
        try {
            Path file = Files.createTempFile("ripcord-", ".list");
            try {
                return new ItemList(Files.write(file, items));
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String option() {
        return "--use-list=" + file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
