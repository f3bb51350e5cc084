package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.follow.ServiceClient;
import dev.ripcord.command.follow.ServiceClient.Answer;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ArchiveSuiteExtension.class)
class RebuildTest {

    private static final Way OR_REBUILD = new Way("full", List.of(), false, null, 0, null, false, true, null);
    private static final String WORD = "CONFIRM_REBUILD_FROM_SCRATCH";

    @BeforeEach
    void scripts(ArchiveSuite suite) throws IOException {
        Path baseline = suite.scripts(ArchiveSuite.LOST, "baseline");
        Files.writeString(
                baseline.resolve("V9__products.sql"),
                "create table products (id bigint generated always as identity primary key, sku text not null, price numeric(10, 2) not null);"
                        + " grant select, insert, update on products to shop_app");
        Files.writeString(baseline.resolve("V10__tax.sql"), "alter table products add column tax_rate numeric(4, 3)");
        Files.writeString(
                suite.scripts(ArchiveSuite.LOST, "seeds").resolve("products.sql"),
                "insert into products (sku, price) values ('first', 12.50), ('second', 7)");
    }

    @Test
    void a_lost_database_is_built_anew_when_a_person_has_typed_its_own_word(ArchiveSuite suite) throws Exception {
        List<String> before = suite.server().list(ArchiveSuite.LOST, "select count(*) from products");
        String highest = suite.server()
                .list(ArchiveSuite.LOST, "select last_value from products_id_seq")
                .getFirst();

        String rollback = suite.request(ArchiveSuite.LOST, null, Way.of("rebuild"));
        Plan plan = suite.planned(rollback, "rebuild").plan();
        assertThat(plan.word()).isEqualTo(WORD);
        assertThat(plan.approval()).isEqualTo("word");
        assertThat(plan.steps())
                .hasSize(3)
                .satisfiesExactly(
                        step -> assertThat(step).startsWith("run baseline/V9__products.sql (SHA-256 "),
                        step -> assertThat(step).startsWith("run baseline/V10__tax.sql (SHA-256 "),
                        step -> assertThat(step).startsWith("run seeds/products.sql (SHA-256 "));
        assertThat(plan.loss())
                .filteredOn(table -> table.table().equals("public.products"))
                .singleElement()
                .satisfies(table -> assertThat(table.inserted()).isEqualTo(Long.parseLong(before.getFirst())));
        assertThat(approve(suite, rollback, plan.hash(), "CONFIRM_FULL_RESTORE").status())
                .isEqualTo(422);
        approved(suite, rollback, plan.hash());
        RollbackOutcomeEvent.Completed done = suite.outcome(rollback, RollbackOutcomeEvent.Completed.class);

        assertThat(suite.server().list(ArchiveSuite.LOST, "select string_agg(sku, ' ' order by id) from products"))
                .containsExactly("first second");
        assertThat(suite.server()
                        .list(ArchiveSuite.LOST, "select tableowner from pg_tables where tablename = 'products'"))
                .containsExactly("shop_owner");
        assertThat(suite.server().list(ArchiveSuite.LOST, "select nextval('products_id_seq') > " + highest))
                .as("numbers given out are not given out again")
                .containsExactly("t");
        assertThat(suite.server().list(done.failedDatabase(), "select 1")).isEmpty();
    }

    @Test
    void a_database_without_a_snapshot_is_built_anew_only_where_that_was_asked_for(ArchiveSuite suite)
            throws Exception {
        String plain = suite.request(ArchiveSuite.LOST, null, Way.of("full"));
        assertThat(suite.outcome(plain, RollbackOutcomeEvent.Refused.class).reason())
                .contains("there is no snapshot");

        String rollback = suite.request(ArchiveSuite.LOST, null, OR_REBUILD);
        Plan plan = suite.planned(rollback, "rebuild").plan();

        assertThat(suite.events.all(RollbackEvent.Fell.class))
                .filteredOn(event -> event.rollback().equals(rollback))
                .singleElement()
                .satisfies(fell -> {
                    assertThat(fell.to()).isEqualTo("rebuild");
                    assertThat(fell.reason()).contains("there is no snapshot");
                });
        assertThat(plan.word()).isEqualTo(WORD);
        try (ServiceClient client = suite.client(Service.ROLLBACK)) {
            assertThat(client.get("/rollbacks/" + rollback).text("state")).isEqualTo("Approving");
            assertThat(client.post("/rollbacks/" + rollback + "/cancel", Map.of("reason", "enough seen"))
                            .good())
                    .isTrue();
        }
        suite.outcome(rollback, RollbackOutcomeEvent.Refused.class);
    }

    @Test
    void a_statement_that_fails_ends_it_with_nothing_swapped(ArchiveSuite suite) throws Exception {
        Path wrong = Files.writeString(
                suite.scripts(ArchiveSuite.LOST, "baseline").resolve("V11__wrong.sql"),
                "select 1;\nalter table nothing_of_that_name add column x int");
        List<String> databases = suite.server().databasesOf(ArchiveSuite.LOST);

        String rollback = suite.request(ArchiveSuite.LOST, null, Way.of("rebuild"));
        approved(suite, rollback, suite.planned(rollback, "rebuild").plan().hash());
        RollbackOutcomeEvent.Refused refused = suite.outcome(rollback, RollbackOutcomeEvent.Refused.class);
        Files.delete(wrong);

        assertThat(refused.reason())
                .contains("baseline/V11__wrong.sql, statement 2 (alter table nothing_of_that_name")
                .contains("does not exist");
        await().atMost(ArchiveSuite.LIMIT)
                .untilAsserted(() -> assertThat(suite.server().databasesOf(ArchiveSuite.LOST))
                        .isEqualTo(databases));
    }

    @Test
    void scripts_that_were_changed_after_the_approval_are_not_run(ArchiveSuite suite) throws Exception {
        List<String> databases = suite.server().databasesOf(ArchiveSuite.LOST);
        String rollback = suite.request(ArchiveSuite.LOST, null, Way.of("rebuild"));
        String hash = suite.planned(rollback, "rebuild").plan().hash();
        Files.writeString(
                suite.scripts(ArchiveSuite.LOST, "seeds").resolve("products.sql"), "insert into products values (666)");

        approved(suite, rollback, hash);

        assertThat(suite.outcome(rollback, RollbackOutcomeEvent.Refused.class).reason())
                .contains("the scripts are others than those of the plan: expected seeds/products.sql");
        assertThat(suite.server().databasesOf(ArchiveSuite.LOST)).isEqualTo(databases);
    }

    private static void approved(ArchiveSuite suite, String rollback, String hash) throws IOException {
        await().atMost(ArchiveSuite.LIMIT)
                .until(() -> approve(suite, rollback, hash, WORD).good());
    }

    private static Answer approve(ArchiveSuite suite, String rollback, String hash, String word) throws IOException {
        try (ServiceClient client = suite.client(Service.ROLLBACK)) {
            return client.post("/rollbacks/" + rollback + "/approve", Map.of("planHash", hash, "word", word));
        }
    }
}
