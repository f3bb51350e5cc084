package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.snapshot.SampleDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What pg_dump says of a database, as its superuser. */
final class Dump {

    private Dump() {}

    /** Line by line; without what differs with each run. */
    static List<String> of(EmbeddedPostgres postgres, String database) {
        try {
            ProcessBuilder builder = new ProcessBuilder(
                    Programs.fitting(postgres.major()).orElseThrow().dump().toString(),
                    "--host=" + postgres.host(),
                    "--port=" + postgres.port(),
                    "--username=" + postgres.superuser(),
                    // byte by byte, whatever the database's encoding is
                    "--encoding=SQL_ASCII",
                    database);
            builder.environment().put("PGPASSWORD", postgres.password());
            builder.environment().put("PGOPTIONS", SampleDatabase.PLAIN);
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor()).isZero();
            return said.lines()
                    .filter(line -> !line.startsWith("\\restrict ") && !line.startsWith("\\unrestrict "))
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
