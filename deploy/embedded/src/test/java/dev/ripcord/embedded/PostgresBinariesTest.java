package dev.ripcord.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresBinariesTest {

    @Test
    void programs_that_were_unpacked_under_a_strict_mask_can_be_entered_by_the_account_of_the_server(
            @TempDir Path place) throws IOException {
        String before = System.getProperty("ripcord.cache");
        Path cache = place.resolve("cache");
        System.setProperty("ripcord.cache", cache.toString());
        try {
            Path folder = PostgresBinaries.of(18).folder();
            for (Path each : folders(cache)) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
            }

            assertThat(PostgresBinaries.of(18).folder()).isEqualTo(folder);

            assertThat(folders(cache))
                    .hasSizeGreaterThan(4)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .as(each.toString())
                            .isEqualTo("rwxr-xr-x"));
        } finally {
            if (before == null) System.clearProperty("ripcord.cache");
            else System.setProperty("ripcord.cache", before);
        }
    }

    private static List<Path> folders(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }
}
