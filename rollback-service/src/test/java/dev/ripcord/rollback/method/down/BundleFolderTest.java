package dev.ripcord.rollback.method.down;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFolderTest {

    @TempDir
    private Path folder;

    @Test
    void every_file_is_read_with_its_hash_in_the_order_of_paths() throws IOException {
        Files.createDirectories(folder.resolve("002_b"));
        Files.createDirectories(folder.resolve(".git"));
        Files.writeString(folder.resolve("002_b/down.sql"), "drop table b;");
        Files.writeString(folder.resolve("001_a.down.sql"), "drop table ä;");
        Files.writeString(folder.resolve(".git/config"), "secret");
        Bundle bundle = BundleFolder.read(Tool.scripts, folder);
        assertThat(bundle.files())
                .containsExactly(
                        Bundle.File.of("001_a.down.sql", "drop table ä;"),
                        Bundle.File.of("002_b/down.sql", "drop table b;"));
        assertThat(bundle.sha256())
                .hasSize(64)
                .isEqualTo(BundleFolder.read(Tool.scripts, folder).sha256())
                .isNotEqualTo(BundleFolder.read(Tool.flyway, folder).sha256());
    }

    @Test
    void links_big_files_and_what_is_not_text_are_refused() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("a.sql"), Path.of("/etc/passwd"));
        refused("a.sql is a symbolic link");
        Files.delete(link);
        Path outside = Files.createTempDirectory("outside");
        link = Files.createSymbolicLink(folder.resolve("sub"), outside);
        refused("sub is a symbolic link");
        Files.delete(link);
        Path binary = Files.write(folder.resolve("b.sql"), new byte[] {(byte) 0xff, 0});
        refused("b.sql is not UTF-8");
        Files.delete(binary);
        Path zero = Files.writeString(folder.resolve("b.sql"), "select 1;\0");
        refused("b.sql holds a zero character");
        Files.delete(zero);
        Files.write(folder.resolve("c.sql"), "x".repeat(Bundle.LIMIT).getBytes(StandardCharsets.UTF_8));
        assertThat(BundleFolder.read(Tool.scripts, folder).files()).hasSize(1);
        Files.writeString(folder.resolve("d.sql"), "x");
        refused("more than " + Bundle.LIMIT);
    }

    @Test
    void a_link_to_a_folder_is_no_folder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        assertThatThrownBy(() -> BundleFolder.read(Tool.scripts, link)).hasMessageContaining("is not a folder");
    }

    @Test
    void paths_that_lead_elsewhere_are_refused() {
        for (String path :
                List.of("../a.sql", "/etc/a.sql", "a//b.sql", "a/./b.sql", "a\\b.sql", "a\nb.sql", "c:a.sql")) {
            Bundle bundle = new Bundle(Tool.scripts, List.of(Bundle.File.of(path, "select 1")));
            assertThatThrownBy(bundle::verified).isInstanceOf(RefusedException.class);
        }
        Bundle.File file = Bundle.File.of("a.sql", "select 1");
        assertThatThrownBy(new Bundle(Tool.scripts, List.of(file, file))::verified)
                .hasMessageContaining("twice");
    }

    private void refused(String part) {
        assertThatThrownBy(() -> BundleFolder.read(Tool.scripts, folder))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(part);
    }
}
