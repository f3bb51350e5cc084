package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.RollbackOutcomeEvent;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SuiteExtension.class)
class ReopenedTest {

    @Test
    void a_service_that_dies_with_the_database_closed_is_missed_and_the_old_database_is_opened_without_it(
            Scenario story) throws Exception {
        story.shopIsBroken();
        ServiceProcess service = story.suite.stack.service(Service.ROLLBACK);
        Brake brake = story.brake("closed");
        String rollback;
        try (Connection reader = story.suite.stack.postgres().server().connect("postgres");
                Statement statement = reader.createStatement()) {
            // whoever reads the list of databases in a long transaction: the database must be closed
            reader.setAutoCommit(false);
            statement.execute("select count(*) from pg_database");
            rollback = story.rollbackIsRequested();
            brake.holdsTheStep();
            service.kill();
            brake.release();
            reader.rollback();
        }
        await().atMost(Scenario.LIMIT).until(() -> story.server().live("shop") == 0);

        story.server()
                .execute(
                        "ripcord_state",
                        "update notifier.incident set step_at = step_at - interval '2 minutes' where rollback = '"
                                + rollback + "'");
        await().atMost(Scenario.LIMIT)
                .until(() -> story.suite.application.messages("chat").stream()
                        .anyMatch(message ->
                                message.contains("CLOSED") && message.contains("rollback reopen " + rollback)));
        assertThat(Ripcord.commandLine()
                        .execute(
                                "rollback",
                                "reopen",
                                rollback,
                                "--word",
                                "CONFIRM_REOPEN",
                                "--reason",
                                "the service is dead",
                                "--database",
                                "shop",
                                "--databases",
                                story.suite.stack.folder().databases().toString()))
                .isZero();
        assertThat(story.server().live("shop")).isOne();
        story.everyClientIsBack();

        service.restart();
        assertThat(story.outcomeOf(rollback))
                .isInstanceOfSatisfying(
                        RollbackOutcomeEvent.Failed.class,
                        failed -> assertThat(failed.state()).contains("open as it was"));
        assertThat(story.server().swaps(rollback)).isZero();
        assertThat(story.server().live("shop")).isOne();
        story.completed(story.request(story.suite.shop, "again-" + Scenario.shortId()));
        story.applicationIsGreen();
    }
}
