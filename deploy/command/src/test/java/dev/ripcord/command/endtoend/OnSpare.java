package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.follow.Gate;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.Way;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What is asked of the spare shop, and done to it, in stories of rollbacks that leave it where it stands. */
final class OnSpare {

    private OnSpare() {}

    static String gate(Scenario story) throws IOException {
        assertThat(story.pipelineAsks(story.suite.spare)).isInstanceOf(Gate.Outcome.Open.class);
        return story.migration();
    }

    static String ask(Scenario story, String migration, Way way) {
        story.migrationEnds();
        String rollback = "in-place-" + Scenario.shortId();
        story.suite.events.publish(new RollbackRequestEvent.Requested(
                "spare", rollback, migration, null, null, "the test asks", "test", way));
        return rollback;
    }

    static CompletedInPlace inPlace(Scenario story, String rollback) {
        RollbackOutcomeEvent outcome = story.outcomeOf(rollback);
        assertThat(outcome).isInstanceOf(CompletedInPlace.class);
        return (CompletedInPlace) outcome;
    }

    static void execute(Scenario story, String sql) throws SQLException {
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Scenario story, String sql) throws SQLException {
        return Long.parseLong(text(story, sql));
    }

    static String text(Scenario story, String sql) throws SQLException {
        try (Connection connection = story.suite.stack.postgres().server().connect("spare");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** The step of that name which was told of a rollback. */
    static Step step(Scenario story, String rollback, String name) {
        return story.suite
                .events
                .await(
                        Step.class,
                        event -> event.rollback().equals(rollback)
                                && event.step().equals(name),
                        Scenario.LIMIT)
                .orElseThrow();
    }
}
