package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main story on the older versions; {@code -Dripcord.test.postgres=16} runs all the others on one of them. */
class EveryVersionTest {

    @ParameterizedTest(name = "PostgreSQL {0}")
    @ValueSource(ints = {15, 16, 17})
    void a_database_goes_back_and_everyone_returns(int major) throws Exception {
        try (RunningSuite suite = new RunningSuite(major)) {
            Scenario story = new Scenario(suite);
            try {
                story.shopIsBroken();
                String rollback = story.rollbackIsRequested();
                String kept = story.completed(rollback).failedDatabase();
                story.applicationIsGreen();
                story.everyClientIsBack();
                assertThat(story.server().swaps(rollback)).isOne();
                assertThat(story.lossCounted(rollback)).isEqualTo(story.everyOrderIsAccountedFor(kept));
                assertThat(OnSpare.text(story, "show server_version_num")).startsWith(String.valueOf(major));
            } finally {
                story.end();
            }
        }
    }
}
