package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.RollbackOutcomeEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
                        "update notifier.incident set step_at = step_at - interval '2 minutes', started_at = started_at - interval '2 minutes'"
                                + " where rollback = '" + rollback + "'");
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
        String again = "again-" + Scenario.shortId();
        story.completed(story.request(story.suite.shop, again));
        story.applicationIsGreen();

        for (List<String> way : List.of(
                List.of("--server", story.suite.stack.address(Service.ROLLBACK).toString()),
                List.of(
                        "--database",
                        "shop",
                        "--databases",
                        story.suite.stack.folder().databases().toString()))) {
            await().atMost(Scenario.LIMIT)
                    .untilAsserted(() -> assertThat(tooLate(story, again, way))
                            .contains("it is too late")
                            .contains("ripcord rollback undo " + again));
        }
    }

    /** What it says where the database that was asked for is not live any more, which is no success. */
    private static String tooLate(Scenario story, String rollback, List<String> way) {
        List<String> command = new ArrayList<>(List.of(
                "rollback", "reopen", rollback, "--word", "CONFIRM_REOPEN", "--reason", "it is red", "--token-file"));
        command.add(story.suite.stack.secrets().file("approver.token").toString());
        command.addAll(way);
        StringWriter complaints = new StringWriter();
        assertThat(Ripcord.commandLine()
                        .setErr(new PrintWriter(complaints, true))
                        .execute(command.toArray(String[]::new)))
                .isOne();
        return complaints.toString();
    }
}
