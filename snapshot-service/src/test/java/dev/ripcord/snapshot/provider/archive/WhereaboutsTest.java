package dev.ripcord.snapshot.provider.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.snapshot.Said;
import dev.ripcord.snapshot.SampleDatabase;
import dev.ripcord.snapshot.core.Provider.Order;
import dev.ripcord.snapshot.provider.AdminSessions;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that databases.yaml does not name any more. */
class WhereaboutsTest {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    Path folder;

    @Test
    void an_archive_of_another_store_is_not_deleted_without_a_word() throws IOException {
        Path archive = Files.createDirectories(folder.resolve("old/moved-store/one/archive"));
        EnrolledDatabase now = enrolled("new");
        EnrolledDatabase before = enrolled("old");
        assertThat(Whereabouts.missing(now, "one"))
                .hasValue(folder.resolve("new/moved-store/one").toString());
        assertThat(Whereabouts.missing(before, "one")).isEmpty();
        ArchiveProvider provider = new ArchiveProvider(new AdminSessions(VERTX));
        try (Said said = new Said(ArchiveProvider.class, "was to be deleted")) {
            provider.delete(new Order(now, "one", 1), Optional.empty());

            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .contains("snapshot one of moved-store", "delete it from the old store");
            assertThat(archive).exists();

            provider.delete(new Order(before, "one", 1), Optional.empty());

            assertThat(said.lines()).hasSize(1);
            assertThat(archive).doesNotExist();
        }
    }

    private EnrolledDatabase enrolled(String store) throws IOException {
        Path file = folder.resolve(store + ".yaml");
        DatabaseServer nowhere = new DatabaseServer("127.0.0.1", 1, "postgres", "");
        SampleDatabase sample = new SampleDatabase(nowhere, "moved-store", "00000000-0000-0000-0000-000000000000");
        Files.writeString(
                file, "databases:\n" + sample.yaml(folder, "form: archive", "store: " + folder.resolve(store)));
        return Databases.read(file).find("moved-store").orElseThrow();
    }
}
