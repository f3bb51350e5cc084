package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final String OURS = "ripcord-" + ProcessHandle.current().pid() + "-";

    @TempDir
    Path folder;

    @Test
    void of_a_program_that_cannot_be_started_no_password_is_left() throws IOException {
        EnrolledDatabase shop = shop();

        assertThatThrownBy(() -> ClientProcess.connected(
                        folder.resolve("no-program"), shop, shop.roles().snapshot(), "shop", "test", List.of()))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(ours()).isEmpty();
    }

    @Test
    void what_a_killed_process_has_left_is_removed_and_what_is_in_use_is_not() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Path killed = Files.createTempFile("ripcord-" + gone.pid() + "-", ".pgpass");
        Path before = Files.createTempFile(OURS, ".pgpass");
        Files.setLastModifiedTime(before, FileTime.from(Instant.now().minusSeconds(86_400)));
        Path used = Files.createTempFile(OURS, ".pgpass");
        try {
            PasswordFile.removeLeftBehind();

            assertThat(killed).doesNotExist();
            assertThat(before).as("of a process with the same number").doesNotExist();
            assertThat(used).exists();
        } finally {
            Files.delete(used);
        }
    }

    private static List<Path> ours() throws IOException {
        try (Stream<Path> all = Files.list(TEMPORARY)) {
            return all.filter(path -> String.valueOf(path.getFileName()).startsWith(OURS))
                    .toList();
        }
    }

    private EnrolledDatabase shop() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "only for tests");
        Path file = Files.writeString(folder.resolve("databases.yaml"), """
                databases:
                  - id: shop
                    environment: development
                    server: {host: localhost, database: shop, marker: 00000000-0000-0000-0000-000000000000}
                    roles:
                      snapshot: {user: one, password: {file: %1$s}}
                      rollback: {user: two, password: {file: %1$s}}
                      verifier: {user: three, password: {file: %1$s}}
                    snapshot: {form: clone}
                """.formatted(password));
        return Databases.read(file).find("shop").orElseThrow();
    }
}
