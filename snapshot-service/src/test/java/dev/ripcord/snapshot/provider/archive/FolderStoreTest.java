package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two owners of one snapshot, the first of which was overtaken and does not know it. */
class FolderStoreTest {

    private static final Manifest MANIFEST = new Manifest(
            "4711", "18.6", "shop", Instant.EPOCH, "", List.of(), List.of(), List.of(), Map.of(), null, List.of());

    private static final Noted NOTED = new Noted(1, List.of());

    private final FolderStore store;

    FolderStoreTest(@TempDir Path folder) {
        this.store = new FolderStore(folder, "shop");
    }

    @Test
    void an_attempt_that_was_overtaken_and_fails_leaves_the_archive_that_the_other_has_completed() throws IOException {
        Path overtaken = dumped(1);
        dumped(2);
        assertThat(overtaken).as("nobody else cleans up after it").doesNotExist();
        store.complete("one", 2, MANIFEST, NOTED);

        store.abandon("one", 1);

        assertThat(store.taken("one")).isPresent();
        assertThat(store.archive("one").resolve("toc.dat")).exists();
    }

    @Test
    void an_attempt_that_begins_after_it_was_overtaken_leaves_the_dump_that_the_other_writes() throws IOException {
        Path running = dumped(2);

        dumped(1);

        assertThat(running).exists();
        store.abandon("one", 1);
        assertThat(running).exists();
        store.complete("one", 2, MANIFEST, NOTED);
        assertThat(store.taken("one")).isPresent();
    }

    @Test
    void what_a_failed_attempt_has_written_goes_with_it() throws IOException {
        Path written = dumped(1);

        store.abandon("one", 1);

        assertThat(written).doesNotExist();
        store.abandon("one", 1);
    }

    private Path dumped(long attempt) throws IOException {
        Path archive = Files.createDirectories(store.begin("one", attempt));
        return Files.writeString(archive.resolve("toc.dat"), "content");
    }
}
