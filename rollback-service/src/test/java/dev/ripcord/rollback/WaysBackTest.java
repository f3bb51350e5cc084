package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.RollbackEvent.Fell;
import dev.ripcord.events.RollbackEvent.Planned;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.Way;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class WaysBackTest {

    private static Suite suite;

    @Inject
    StateDatabase state;

    @BeforeAll
    static void open() {
        suite = new Suite();
    }

    @AfterAll
    static void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void without_a_role_for_changes_in_place_the_whole_database_goes_back() throws SQLException {
        suite.snapshot("roleless", "w1");
        execute("roleless", "alter table orders drop column note");

        ask("roleless", "w-roleless", Way.of("schema"));

        Fell fell = suite.hears(Fell.class, event -> event.rollback().equals("w-roleless"));
        assertThat(fell.to()).isEqualTo("full");
        assertThat(fell.reason()).contains("no role for changes in place");
        suite.hears(Completed.class, event -> event.rollback().equals("w-roleless"));
        assertThat(text("roleless", "select count(*) from information_schema.columns where table_name = 'orders'"))
                .isEqualTo("3");
    }

    @Test
    void the_application_is_restarted_by_its_hook_and_the_database_stays() throws SQLException {
        suite.snapshot("restarted", "w2");
        execute("restarted", "update orders set price = 0 where id = 1");

        ask("restarted", "w-restarted", Way.of("application"));
        CompletedInPlace done =
                suite.hears(CompletedInPlace.class, event -> event.rollback().equals("w-restarted"));

        assertThat(Shops.RESTARTS).containsExactly("w-restarted");
        assertThat(done.changes()).containsExactly("the restart hook was called, answered 204");
        assertThat(done.emergencySnapshot())
                .as("nothing is changed in the database, so nothing is taken before")
                .isNull();
        assertThat(text("restarted", "select price from orders where id = 1")).isEqualTo("0");
    }

    @Test
    void a_missing_alembic_version_says_again_what_the_snapshot_recorded() throws SQLException {
        suite.snapshot("stamped", "w3", "alembic_version 4b1c");

        ask("stamped", "w-stamped", null);
        Step step = suite.hears(
                Step.class,
                event -> event.rollback().equals("w-stamped") && event.step().equals("version-table"));
        suite.hears(Completed.class, event -> event.rollback().equals("w-stamped"));

        assertThat(step.detail())
                .isEqualTo("public.alembic_version was missing and says 4b1c again, as at the snapshot");
        assertThat(text("stamped", "select version_num from public.alembic_version"))
                .isEqualTo("4b1c");
        assertThat(text("ripcord_admin", "select count(*) from ripcord.hold")).isEqualTo("0");
    }

    @Test
    void a_backup_older_than_the_swap_changes_neither_the_outcome_nor_the_version_table() throws SQLException {
        suite.snapshot("setback", "w4", "alembic_version 4b1c");
        suite.migrated("setback", "w4");
        ask("setback", "w-setback", null);
        Planned planned = suite.hears(Planned.class, event -> event.rollback().equals("w-setback"));
        state.query("create table backup as select * from task where id = 'w-setback'");
        suite.publish(new Approved("setback", "w-setback", planned.plan().hash(), EnrolledDatabase.WORD, "ann"));
        await().until(() -> !state.query("select 1 from task where id = 'w-setback' and finished")
                .isEmpty());
        execute("setback", "update alembic_version set version_num = '5d2e'");

        state.query("update task t set state = b.state, document = b.document, fence = b.fence, finished = false,"
                + " due_at = now() from backup b where t.id = b.id");
        Step step = suite.hears(
                Step.class,
                event -> event.rollback().equals("w-setback")
                        && event.step().equals("version-table")
                        && event.detail().contains("5d2e"));
        await().until(() -> suite.count(event ->
                        event instanceof Completed done && done.rollback().equals("w-setback"))
                == 2);

        assertThat(step.detail())
                .startsWith(
                        "public.alembic_version says 5d2e; the snapshot recorded alembic_version 4b1c; left as it is");
        assertThat(text("setback", "select version_num from alembic_version")).isEqualTo("5d2e");
        assertThat(text(
                        "ripcord_admin",
                        "select count(*) from ripcord.act where command = 'w-setback' and step = 'swapped'"))
                .isEqualTo("1");
    }

    private static void ask(String database, String rollback, @org.jspecify.annotations.Nullable Way way) {
        suite.publish(new Requested(database, rollback, null, null, null, "the test asks", "test", way));
    }

    private static void execute(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String text(String database, String query) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
