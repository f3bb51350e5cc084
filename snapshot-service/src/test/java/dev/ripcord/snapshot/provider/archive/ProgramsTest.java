package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {

    @TempDir
    private Path folder;

    @Test
    void the_oldest_client_that_knows_the_server_is_taken_in_its_newest_release() {
        List<Programs> installed =
                List.of(programs(14, 25), programs(17, 12), programs(15, 18), programs(15, 20), programs(16, 16));

        assertThat(Programs.suiting(15, installed)).contains(programs(15, 20));
        assertThat(Programs.suiting(16, installed)).contains(programs(16, 16));
        assertThat(Programs.suiting(15, List.of(programs(17, 12), programs(16, 16))))
                .contains(programs(16, 16));
    }

    @Test
    void what_a_client_of_17_or_newer_sends_only_a_server_of_17_or_newer_knows() {
        List<Programs> installed = List.of(programs(17, 12), programs(18, 7));

        assertThat(Programs.suiting(15, installed)).isEmpty();
        assertThat(Programs.suiting(16, installed)).isEmpty();
        assertThat(Programs.suiting(17, installed)).contains(programs(17, 12));
        assertThat(ArchiveProvider.noPrograms(16).reason()).contains("no pg_dump", "fits PostgreSQL 16");
        assertThat(ArchiveProvider.noPrograms(16).next()).contains("postgresql-client-16");
    }

    @Test
    void a_server_newer_than_every_client_is_refused_with_the_version_needed() {
        assertThat(Programs.suiting(18, List.of(programs(15, 20), programs(17, 12))))
                .isEmpty();
        assertThat(ArchiveProvider.noPrograms(18).reason()).contains("no pg_dump", "fits PostgreSQL 18");
        assertThat(ArchiveProvider.noPrograms(18).next()).contains("postgresql-client-18");
    }

    @Test
    void a_client_below_the_security_floor_is_told() {
        assertThat(programs(15, 18).warning())
                .hasValueSatisfying(
                        warning -> assertThat(warning).contains("15.18", "below 15.20", "postgresql-client-15"));
        assertThat(programs(15, 20).warning()).isEmpty();
        assertThat(programs(18, 6).warning()).isPresent();
        assertThat(programs(19, 0).warning()).isEmpty();
    }

    @Test
    void the_version_is_what_the_program_says() throws IOException {
        assertThat(installed("pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"))
                .isEqualTo(new Programs(folder, 15, 18));
        assertThat(installed("pg_dump (PostgreSQL) 19devel")).isEqualTo(new Programs(folder, 19, 0));
    }

    private Programs installed(String version) throws IOException {
        for (String name : List.of("pg_dump", "pg_restore")) {
            Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\necho '" + version + "'\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return Programs.in(folder).orElseThrow();
    }

    private Programs programs(int major, int minor) {
        return new Programs(folder, major, minor);
    }
}
