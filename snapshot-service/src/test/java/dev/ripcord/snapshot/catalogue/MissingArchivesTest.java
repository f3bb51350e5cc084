package dev.ripcord.snapshot.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.snapshot.EnrolledShops;
import dev.ripcord.snapshot.SampleDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EnrolledShops.class)
class MissingArchivesTest {

    private final SampleDatabase state = EnrolledShops.shop(EmbeddedInfrastructure.STATE_DATABASE);

    @Inject
    MissingArchives missing;

    @AfterEach
    void forget() {
        state.run("delete from snapshot.task where id in ('elsewhere1', 'inplace1', 'gone1')");
    }

    @Test
    void archives_that_are_kept_and_are_not_in_the_store_are_named_with_what_to_do() throws IOException {
        Path store = Path.of(EnrolledShops.STORE);
        Files.createDirectories(store.resolve("stored-shop/inplace1/archive"));
        for (String task : new String[] {"elsewhere1 Kept", "inplace1 Kept", "gone1 Expired"}) {
            String[] words = task.split(" ");
            state.run("insert into snapshot.task (kind, id, database_id, state, document, due_at) values ('snapshot', '"
                    + words[0] + "', 'stored-shop', '" + words[1]
                    + "', '{\"form\": \"archive\"}', now() + interval '1 year')");
        }

        assertThat(missing.look())
                .singleElement()
                .asString()
                .contains("snapshot elsewhere1 of stored-shop is not in " + store.resolve("stored-shop/elsewhere1"))
                .contains("where snapshot.store was changed, move what is in the old store there");
    }
}
