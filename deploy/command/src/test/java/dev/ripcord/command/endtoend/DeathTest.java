package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.stack.Service;
import dev.ripcord.embedded.ServiceProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SuiteExtension.class)
class DeathTest {

    enum Moment {
        /** The live database is about to be closed. */
        BEFORE,
        /** Both names are changed, nothing is committed. */
        DURING,
        /** The swap is committed, and nobody has written down yet that it is. */
        AFTER
    }

    /** The one at work at every moment, the others in the middle; {@code ripcord torture} kills all of them everywhere. */
    static Stream<Arguments> servicesAndMoments() {
        return Arrays.stream(Service.values())
                .flatMap(service -> Arrays.stream(Moment.values()).map(moment -> Arguments.of(service, moment)))
                .filter(each -> each.get()[0] == Service.ROLLBACK || each.get()[1] == Moment.DURING);
    }

    @ParameterizedTest(name = "of {0} {1} the swap")
    @MethodSource("servicesAndMoments")
    void leaves_one_live_database_and_an_outcome(Service service, Moment moment, Scenario story) throws Exception {
        ServiceProcess process = story.suite.stack.service(service);
        story.shopIsBroken();
        Brake brake = story.brake(moment == Moment.BEFORE ? "closed" : "swapped");
        String rollback = story.rollbackIsRequested();
        brake.holdsTheStep();

        if (moment == Moment.AFTER) {
            killAfterTheSwap(process, brake, rollback, story);
        } else {
            process.kill();
            brake.release();
        }
        process.restart();

        String kept = story.completed(rollback).failedDatabase();
        story.applicationIsGreen();
        story.everyClientIsBack();
        await().atMost(Scenario.LIMIT)
                .untilAsserted(() -> assertThat(story.suite.delivery.told(rollback))
                        .as("delivery is paused before and resumed after")
                        .startsWith("/pause")
                        .endsWith("/resume"));
        assertThat(story.server().swaps(rollback)).isOne();
        assertThat(story.server().live("shop")).isOne();
        assertThat(story.lossCounted(rollback)).isEqualTo(story.everyOrderIsAccountedFor(kept));
    }

    /** The rollback service cannot write to its own state while its swap is committed on the protected server. */
    private static void killAfterTheSwap(ServiceProcess process, Brake brake, String rollback, Scenario story)
            throws SQLException {
        try (Connection state = story.suite.stack.postgres().server().connect("ripcord_state");
                Statement statement = state.createStatement()) {
            state.setAutoCommit(false);
            statement.execute("lock table rollback.task in exclusive mode");
            brake.release();
            await().atMost(Scenario.LIMIT).until(() -> story.server().swaps(rollback) == 1);
            process.kill();
            state.rollback();
        }
    }
}
