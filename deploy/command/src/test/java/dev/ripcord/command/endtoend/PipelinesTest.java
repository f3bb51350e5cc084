package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.endtoend.Workspace.Ran;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each system runs what its file says, with a real migration of a real database. */
@ExtendWith(SuiteExtension.class)
class PipelinesTest {

    private static final Pattern ASKED = Pattern.compile("rollback (pipeline-[a-z0-9-]+) is asked for");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void a_migration_runs_when_its_snapshot_is_taken_and_its_end_is_told(DeliverySystem system, Scenario story)
            throws Exception {
        String table = "good_" + Scenario.shortId();
        Workspace workspace = new Workspace(story, folder, "create table public." + table + " (id int)");

        Ran ran = system.migrate(workspace, story.migration());

        assertThat(ran.code()).as(ran.output()).isZero();
        assertThat(ran.output()).doesNotContain(workspace.token());
        assertThat(there(story, table)).isTrue();
        assertThat(story.suite.events.await(
                        SnapshotEvent.Completed.class,
                        event -> event.migration().equals(story.migration()),
                        Scenario.LIMIT))
                .isPresent();
        assertThat(story.suite.events.await(
                        MigrationEvent.Completed.class,
                        event -> event.migration().equals(story.migration()),
                        Scenario.LIMIT))
                .isPresent();
        OnSpare.execute(story, "drop table public." + table);
    }

    @ParameterizedTest
    @EnumSource
    void a_migration_does_not_run_while_the_gate_is_closed(DeliverySystem system, Scenario story) throws Exception {
        String table = "never_" + Scenario.shortId();
        Workspace workspace = new Workspace(story, folder, "create table public." + table + " (id int)");

        Ran ran;
        try (Connection other = story.suite.spare.asOwner();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("alter table customers add column since date");
            ran = system.migrate(workspace, story.migration());
            other.rollback();
        }

        assertThat(ran.code()).as(ran.output()).isOne();
        assertThat(ran.output()).contains("stays closed").contains("alter table");
        assertThat(there(story, table)).isFalse();
        assertThat(ran.output())
                .as("what never ran has no end")
                .doesNotContain("is told")
                .doesNotContain("asked for");
        assertThat(story.suite.events.all(RollbackRequestEvent.Requested.class))
                .noneMatch(asked -> story.migration().equals(asked.migration()));
    }

    @ParameterizedTest
    @EnumSource
    void a_migration_that_stops_half_way_is_told_to_have_failed_and_rolled_back(DeliverySystem system, Scenario story)
            throws Exception {
        String table = "half_" + Scenario.shortId();
        Workspace workspace = new Workspace(
                story, folder, "create table public." + table + " (id int)", "alter table public.nothing add id int");

        Ran ran = system.migrate(workspace, story.migration());

        assertThat(ran.code()).as(ran.output()).isEqualTo(3);
        assertThat(ran.output()).contains("relation \"public.nothing\" does not exist");
        assertThat(story.suite.events.await(
                        MigrationEvent.Failed.class,
                        event -> event.migration().equals(story.migration()),
                        Scenario.LIMIT))
                .isPresent();
        Matcher asked = ASKED.matcher(ran.output());
        assertThat(asked.find()).as(ran.output()).isTrue();
        assertThat(story.outcomeOf(asked.group(1))).isInstanceOf(RollbackOutcomeEvent.Completed.class);
        assertThat(there(story, table)).as("what it left behind").isFalse();
    }

    private static boolean there(Scenario story, String table) throws SQLException {
        return OnSpare.number(story, "select count(*) from pg_tables where tablename = '" + table + "'") == 1;
    }
}
