package dev.ripcord.command.endtoend;

import static dev.ripcord.command.endtoend.OnSpare.ask;
import static dev.ripcord.command.endtoend.OnSpare.execute;
import static dev.ripcord.command.endtoend.OnSpare.gate;
import static dev.ripcord.command.endtoend.OnSpare.inPlace;
import static dev.ripcord.command.endtoend.OnSpare.number;
import static dev.ripcord.command.endtoend.OnSpare.step;
import static dev.ripcord.command.endtoend.OnSpare.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.sample.SampleStack;
import dev.ripcord.events.RollbackEvent.Fell;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class RehearsedInPlaceTest {

    private static final String ACTS =
            "select count(*) from ripcord.act where step = 'changing in place' and command = '%s'";

    @BeforeEach
    void versions(Scenario story) throws Exception {
        execute(story, """
                create table public.schema_migrations (version text primary key);
                create table public.migration_history (version text, operation text, status text, executed_at timestamptz);
                alter table public.schema_migrations owner to shop_owner;
                alter table public.migration_history owner to shop_owner;
                insert into public.schema_migrations values ('41')""");
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        Files.writeString(folder.resolve("41_start.up.sql"), "select 1");
        Files.writeString(folder.resolve("42_bonus.up.sql"), "alter table public.customers add column bonus int");
    }

    @AfterEach
    void noVersions(Scenario story) throws Exception {
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        try (var files = Files.list(folder)) {
            for (Path each : files.toList()) Files.delete(each);
        }
        execute(story, "drop table if exists public.schema_migrations, public.migration_history, public.left_by_down");
        execute(story, "alter table public.customers drop column if exists bonus");
    }

    @Test
    void the_structure_is_rehearsed_on_a_copy_and_the_version_table_says_again_what_it_said(Scenario story)
            throws Exception {
        String migration = gate(story);
        migrate(story);

        String rollback = ask(story, migration, Way.of("schema"));
        CompletedInPlace done = inPlace(story, rollback);

        assertThat(step(story, rollback, "rehearsed").detail())
                .startsWith("rehearsed on spare__shadow_")
                .contains("whoever uses public.customers waits");
        assertThat(step(story, rollback, "version-table").detail())
                .isEqualTo("public.schema_migrations said 42 and says 41 again, as at the snapshot");
        assertThat(step(story, rollback, "analyzed").detail()).contains("public.customers");
        assertThat(done.changes()).anySatisfy(line -> assertThat(line).startsWith("rehearsed on"));
        assertThat(number(story, "select count(*) from public.schema_migrations where version = '42'"))
                .isZero();
        assertThat(
                        number(
                                story,
                                "select count(*) from public.migration_history where version = '42' and operation = 'rollback'"))
                .isOne();
        assertThat(
                        story.server()
                                .list(
                                        "postgres",
                                        "select 1 from pg_database where datname like 'spare\\_\\_%' and (datallowconn or pg_get_userbyid(datdba) = 'shop_owner') and datname not like '%failed%'"))
                .as("the copy is closed and belongs to whom it belonged")
                .isEmpty();
    }

    @Test
    void a_way_back_that_fails_in_the_rehearsal_is_not_tried_on_the_live_database(Scenario story) throws Exception {
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        Files.writeString(folder.resolve("42_bonus.down.sql"), "alter table public.customers drop column never_there");
        String migration = gate(story);
        migrate(story);

        String rollback = ask(story, migration, Way.of("down"));
        story.completed(rollback);

        assertThat(story.suite.events.await(
                        Fell.class, event -> event.rollback().equals(rollback), Scenario.LIMIT))
                .hasValueSatisfying(fell -> assertThat(fell.reason())
                        .startsWith("the rehearsal on spare__shadow_")
                        .contains("never_there"));
        assertThat(acts(story, rollback)).isZero();
    }

    @Test
    void statements_that_fail_in_the_rehearsal_leave_everything_as_it_was(Scenario story) throws Exception {
        String migration = gate(story);
        migrate(story);

        String rollback = ask(
                story,
                migration,
                new Way("sql", List.of(), false, null, 0, "delete from public.payments; select 1 / 0", false));

        assertThat(story.outcomeOf(rollback)).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.state()).startsWith("unchanged");
            assertThat(failed.reason()).contains("rehearsal").contains("statement 2 of 2 failed (SQLSTATE 22012)");
        });
        assertThat(acts(story, rollback)).isZero();
        assertThat(number(story, "select count(*) from public.payments")).isPositive();
    }

    @Test
    void the_tool_undoes_what_it_did_and_its_tables_say_so(Scenario story) throws Exception {
        Path folder = SampleStack.migrations(story.suite.stack, story.suite.spare);
        Files.writeString(
                folder.resolve("42_bonus.down.sql"),
                "alter table public.customers drop column bonus; create table public.left_by_down (n int)");
        String migration = gate(story);
        migrate(story);

        String rollback = ask(story, migration, new Way("down", List.of(), false, "41", 0, null, false));
        inPlace(story, rollback);

        assertThat(step(story, rollback, "rehearsed").millis()).isNotNegative();
        assertThat(step(story, rollback, "version-table").detail()).isEqualTo("public.schema_migrations says 41");
        assertThat(number(story, "select count(*) from public.migration_history where version = '42'"))
                .isOne();

        assertThat(text(story, "select tableowner from pg_tables where tablename = 'left_by_down'"))
                .as("whoever migrates owns what the script made")
                .isEqualTo("shop_owner");

        String again = ask(story, migration, new Way("down", List.of(), false, "41", 0, null, false));
        assertThat(inPlace(story, again).changes())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("nothing to do"));
        assertThat(acts(story, again)).isZero();
    }

    @Test
    void a_version_that_nobody_knows_or_that_was_never_applied_is_refused(Scenario story) throws Exception {
        String migration = gate(story);

        for (String version : List.of("99", "42", "4'; drop table customers; --")) {
            String rollback = ask(story, migration, new Way("down", List.of(), false, version, 0, null, false));
            assertThat(story.outcomeOf(rollback))
                    .as(version)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.next()).isEqualTo("correct the request and ask again"));
        }
    }

    private static void migrate(Scenario story) throws SQLException {
        execute(story, "alter table public.customers add column bonus int");
        execute(story, "insert into public.schema_migrations values ('42')");
    }

    private static long acts(Scenario story, String rollback) throws SQLException {
        return Long.parseLong(story.server()
                .list(OnServer.ADMIN_DATABASE, ACTS.formatted(rollback))
                .getFirst());
    }
}
