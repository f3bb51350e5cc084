package dev.ripcord.rollback.method;

import dev.ripcord.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A server for the tests of one kind, gone with its folder when they are over. */
public final class FreshServer {

    private FreshServer() {}

    /** Starts one. */
    public static EmbeddedPostgres start(int major) {
        return start(major, Map.of("fsync", "off"));
    }

    /** Starts one with settings of its own. */
    public static EmbeddedPostgres start(int major, Map<String, String> settings) {
        try {
            Path folder = Files.createTempDirectory("ripcord-method-");
            EmbeddedPostgres started = EmbeddedPostgres.start(folder.resolve("server"), major, 0, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                started.kill();
                delete(folder);
            }));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Path each : deepestFirst) {
            each.toFile().delete(); // the server may be removing its own files still
        }
    }
}
