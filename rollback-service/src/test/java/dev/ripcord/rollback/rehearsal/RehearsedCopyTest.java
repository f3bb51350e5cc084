package dev.ripcord.rollback.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Migrations;
import dev.ripcord.databases.EnrolledDatabase.Tool;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.method.Protected;
import dev.ripcord.rollback.rehearsal.RehearsalState.Running;
import dev.ripcord.rollback.rehearsal.RehearsalState.Wanted;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsedCopyTest {

    private static final Wanted WANTED = new Wanted(null, null, false, "ann");

    @TempDir
    Path folder;

    @Test
    @SuppressWarnings("NullAway") // no migrations were kept with a snapshot
    void a_rehearsal_that_was_interrupted_is_refused_and_its_copy_closed_and_given_back() {
        try (Protected shop = Protected.inPlace(18, "create table public.orders (id int)", this::withMigrations)) {
            Shadow stage = shop.stage();
            shop.admin.openForRehearsal(new Command("h1", 1), shop.identity, stage.oid(), stage.seal());

            RehearsedCopy resumed = new RehearsedCopy(shop.vertx, null);
            for (int fence = 2; fence < 4; fence++) {
                int newer = fence;
                assertThatThrownBy(() -> resumed.rehearse(shop.database, "h1", newer, new Running(WANTED, "s1", stage)))
                        .isInstanceOf(RefusedException.class)
                        .hasMessageContaining("it was interrupted");
            }

            assertThat(shop.admin.sealOf(stage.oid())).as("closed").isPresent();
            assertThat(shop.ask("select pg_get_userbyid(datdba)::text from pg_database where oid = " + stage.oid()))
                    .isEqualTo("ripcord_snapshot");
        }
    }

    private EnrolledDatabase withMigrations(EnrolledDatabase database) {
        return new EnrolledDatabase(
                database.id(),
                database.environment(),
                database.server(),
                database.roles(),
                database.snapshot(),
                null,
                null,
                null,
                new Migrations(Tool.scripts, folder, null, null, null),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
