package dev.ripcord.command.endtoend;

import static dev.ripcord.command.endtoend.OnSpare.ask;
import static dev.ripcord.command.endtoend.OnSpare.execute;
import static dev.ripcord.command.endtoend.OnSpare.gate;
import static dev.ripcord.command.endtoend.OnSpare.inPlace;
import static dev.ripcord.command.endtoend.OnSpare.number;
import static dev.ripcord.command.endtoend.OnSpare.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class InPlaceTest {

    @Test
    void named_tables_go_back_and_the_others_stay(Scenario story) throws Exception {
        String migration = gate(story);
        long customers = number(story, "select count(*) from customers");
        String prices = text(story, "select sum(price)::text from products");
        execute(story, "update products set price = price + 1000");
        execute(
                story,
                "insert into customers (name, email, profile, created_at) values ('Zoe', 'zoe@example.org', '{}', now())");

        String rollback =
                ask(story, migration, new Way("partial", List.of("public.products"), false, null, 0, null, false));
        CompletedInPlace done = inPlace(story, rollback);

        assertThat(text(story, "select sum(price)::text from products")).isEqualTo(prices);
        assertThat(number(story, "select count(*) from customers")).isEqualTo(customers + 1);
        assertThat(done.loss()).singleElement().satisfies(table -> {
            assertThat(table.table()).isEqualTo("public.products");
            assertThat(table.updated()).isEqualTo(number(story, "select count(*) from products"));
        });
        assertThat(done.emergencySnapshot()).as("what undoes it").isNotBlank();
        await().atMost(Scenario.LIMIT)
                .untilAsserted(() -> assertThat(story.suite.delivery.told(rollback))
                        .as("delivery is held meanwhile")
                        .containsExactly("/pause", "/resume"));
    }

    @Test
    void the_migration_tool_undoes_its_own_migration_from_the_files_kept_at_the_gate(Scenario story) throws Exception {
        execute(story, "create table public.schema_migrations (version text primary key)");
        execute(story, "alter table public.schema_migrations owner to shop_owner");
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        Path up = Files.writeString(
                folder.resolve("42_bonus.up.sql"), "alter table public.customers add column bonus int");
        Path down = Files.writeString(
                folder.resolve("42_bonus.down.sql"), "alter table public.customers drop column bonus");
        String migration = gate(story);
        Files.delete(up);
        Files.delete(down);
        execute(story, "alter table public.customers add column bonus int");
        execute(story, "insert into public.schema_migrations values ('42')");

        CompletedInPlace done = inPlace(story, ask(story, migration, Way.of("down")));

        assertThat(done.method()).isEqualTo("down");
        assertThat(
                        number(
                                story,
                                "select count(*) from information_schema.columns where table_name = 'customers' and column_name = 'bonus'"))
                .isZero();
        assertThat(number(story, "select count(*) from public.schema_migrations where version = '42'"))
                .isZero();
        execute(story, "drop table public.schema_migrations");
    }

    @Test
    void the_structure_goes_back_and_rows_written_since_stay(Scenario story) throws Exception {
        String migration = gate(story);
        long customers = number(story, "select count(*) from customers");
        execute(story, "alter table customers add column bonus int not null default 0");
        execute(story, "create view bonuses as select id, bonus from customers");
        execute(story, "alter table products alter column name drop not null");
        execute(
                story,
                "insert into customers (name, email, profile, created_at) values ('Ida', 'ida@example.org', '{}', now())");

        CompletedInPlace done = inPlace(story, ask(story, migration, Way.of("schema")));

        assertThat(done.method()).isEqualTo("schema");
        assertThat(number(story, "select count(*) from customers")).isEqualTo(customers + 1);
        assertThat(number(story, "select count(*) from information_schema.columns where column_name = 'bonus'"))
                .isZero();
        assertThat(
                        text(
                                story,
                                "select is_nullable from information_schema.columns where table_name = 'products' and column_name = 'name'"))
                .isEqualTo("NO");
    }

    @Test
    void a_rung_that_is_not_to_be_had_is_told_and_the_whole_database_goes_back(Scenario story) throws Exception {
        String migration = gate(story);
        execute(story, "update products set price = price + 1000");

        String rollback = ask(story, migration, Way.of("down"));
        RollbackOutcomeEvent.Completed completed = story.completed(rollback);

        assertThat(story.suite.events.await(
                        RollbackEvent.Fell.class, event -> event.rollback().equals(rollback), Scenario.LIMIT))
                .hasValueSatisfying(fell -> assertThat(fell.to()).isEqualTo("full"));
        assertThat(completed.failedDatabase()).startsWith("spare__failed_");
        assertThat(number(story, "select count(*) from products where price >= 1000"))
                .isZero();
    }

    @Test
    void statements_run_once_even_when_the_service_dies_before_it_hears_of_their_commit(Scenario story)
            throws Exception {
        String migration = gate(story);
        execute(story, "create table if not exists public.marks (n int)");
        execute(story, "grant all on public.marks to public");
        Brake brake = story.brake("opened");
        String rollback = ask(
                story,
                migration,
                new Way("sql", List.of(), false, null, 0, "insert into public.marks values (1)", false));
        brake.holdsTheStep();
        brake.release();
        brake = story.brake("opened");
        brake.holdsTheStep();
        ServiceProcess service = story.suite.stack.service(Service.ROLLBACK);
        service.kill();
        brake.release();
        service.restart();

        inPlace(story, rollback);

        assertThat(number(story, "select count(*) from public.marks")).isOne();
        execute(story, "drop table public.marks");
    }

    @Test
    void a_dry_run_shows_the_plan_and_changes_nothing(Scenario story) throws Exception {
        String migration = gate(story);
        execute(story, "update products set price = price + 1 where id = 1");
        String before = text(story, "select md5(string_agg(p::text, '' order by id)) from products p");

        String rollback =
                ask(story, migration, new Way("partial", List.of("public.products"), false, null, 0, null, true));
        RollbackEvent.Planned planned = story.suite
                .events
                .await(RollbackEvent.Planned.class, event -> event.rollback().equals(rollback), Scenario.LIMIT)
                .orElseThrow();

        assertThat(planned.plan().steps()).startsWith("update: 1 rows of public.products");
        assertThat(text(story, "select md5(string_agg(p::text, '' order by id)) from products p"))
                .isEqualTo(before);
        assertThat(story.server().live("spare")).isOne();
        execute(story, "update products set price = price - 1 where id = 1");
    }

    @Test
    void without_a_hook_the_application_cannot_be_taken_back(Scenario story) throws Exception {
        String rollback = ask(story, gate(story), Way.of("application"));

        assertThat(story.outcomeOf(rollback))
                .isInstanceOfSatisfying(
                        RollbackOutcomeEvent.Refused.class,
                        refused -> assertThat(refused.reason()).contains("hooks.restart"));
    }
}
