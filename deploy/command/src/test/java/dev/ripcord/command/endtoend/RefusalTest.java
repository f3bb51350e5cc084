package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.command.sample.Shop;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class RefusalTest {

    private static final String ADMIN = OnServer.ADMIN_DATABASE;

    @Test
    void the_gate_stays_closed_while_another_migration_holds_its_lock(Scenario story) throws Exception {
        Gate.Outcome outcome;
        try (Connection other = story.suite.spare.asOwner();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("alter table customers add column since date");
            outcome = story.pipelineAsks(story.suite.spare);
            other.rollback();
        }

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Gate.Outcome.Closed.class,
                        closed -> assertThat(closed.reason()).isNotBlank());
        assertThat(story.suite.events.await(
                        SnapshotEvent.Failed.class, failed -> failed.database().equals("spare"), Scenario.LIMIT))
                .isPresent();
        assertThat(story.server().live("spare")).isOne();
    }

    @Test
    void another_server_is_not_touched(Scenario story) throws Exception {
        proven(story);
        String marker = story.server()
                .list(ADMIN, "select marker from ripcord.enrolment where database_id = 'spare'")
                .getFirst();
        List<String> before = story.server().databasesOf("spare");
        story.server()
                .execute(ADMIN, "update ripcord.enrolment set marker = gen_random_uuid() where database_id = 'spare'");
        try {
            refused(story, before);
        } finally {
            story.server()
                    .execute(
                            ADMIN,
                            "update ripcord.enrolment set marker = '" + marker + "' where database_id = 'spare'");
        }
    }

    @Test
    void a_server_that_was_never_enrolled_is_not_touched(Scenario story) throws Exception {
        proven(story);
        List<String> before = story.server().databasesOf("spare");
        story.server()
                .execute(
                        ADMIN,
                        "create table public.aside as select * from ripcord.enrolment where database_id = 'spare'");
        story.server()
                .execute(
                        ADMIN,
                        "set session_replication_role = replica; delete from ripcord.enrolment where database_id = 'spare'");
        try {
            refused(story, before);
        } finally {
            story.server()
                    .execute(
                            ADMIN, "insert into ripcord.enrolment select * from public.aside; drop table public.aside");
        }
    }

    @Test
    void a_database_that_was_dropped_and_made_again_is_not_touched(Scenario story) throws Exception {
        proven(story);
        story.server().execute("postgres", "alter database spare rename to spare_before");
        story.server().execute("postgres", "create database spare owner shop_owner");
        try {
            refused(story, story.server().databasesOf("spare"));
        } finally {
            story.server().execute("postgres", "drop database spare");
            story.server().execute("postgres", "alter database spare_before rename to spare");
        }
    }

    private static void proven(Scenario story) throws Exception {
        Shop spare = story.suite.spare;
        Gate.Outcome outcome = story.pipelineAsks(spare);
        assertThat(outcome).isInstanceOf(Gate.Outcome.Open.class);
        String snapshot = ((Gate.Outcome.Open) outcome).snapshot();
        assertThat(story.suite.events.await(
                        SnapshotEvent.Proven.class, proven -> proven.snapshot().equals(snapshot), Scenario.LIMIT))
                .isPresent();
    }

    private static void refused(Scenario story, List<String> before) throws Exception {
        String rollback = story.request(story.suite.spare, "refused-" + Scenario.shortId());

        assertThat(story.outcomeOf(rollback)).isInstanceOf(RollbackOutcomeEvent.Refused.class);
        assertThat(story.server().databasesOf("spare")).isEqualTo(before);
    }
}
