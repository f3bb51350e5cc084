package dev.ripcord.rollback.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Targets;
import dev.ripcord.databases.Targets.Phase;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.rollback.report.Story.Told;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One way back was approved and could not be had, and another one is planned. */
class TimingTest {

    private static final Told ASKED =
            at(0, new RollbackRequestEvent.Requested("shop", "r1", null, null, null, "prices", "anna"));
    private static final Told FIRST_PLAN = at(2, planned("0a"));
    private static final Told FIRST_START = at(10, new RollbackEvent.Started("shop", "r1", "0a", "ben"));
    private static final Told FELL = at(11, new RollbackEvent.Fell("shop", "r1", "schema", "full", "it is locked"));
    private static final Told SECOND_PLAN = at(15, planned("0b"));
    private static final Told SECOND_START = at(22, new RollbackEvent.Started("shop", "r1", "0b", "ben"));
    private static final Told READY = at(25, new RollbackEvent.Step("shop", "r1", "shadow-ready", 0, "it is closed"));

    @Test
    void what_is_timed_is_the_first_plan_and_the_approval_of_the_last() {
        assertThat(seconds(ASKED, FIRST_PLAN, FIRST_START, FELL, SECOND_PLAN, SECOND_START, READY))
                .containsOnly(
                        Map.entry(Phase.plan, 2.0), Map.entry(Phase.approval, 7.0), Map.entry(Phase.preparation, 3.0));
    }

    @Test
    void while_the_second_plan_waits_nothing_of_it_is_timed() {
        assertThat(seconds(ASKED, FIRST_PLAN, FIRST_START, FELL, SECOND_PLAN)).containsOnly(Map.entry(Phase.plan, 2.0));
    }

    private static Map<Phase, Double> seconds(Told... told) {
        return Timing.of(new Story(List.of(told)), Targets.NONE).stream()
                .collect(Collectors.toMap(Timing::phase, timing -> timing.millis() / 1000));
    }

    private static RipcordEvent planned(String hash) {
        return new RollbackEvent.Planned(
                "shop", "r1", new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "W", hash));
    }

    private static Told at(long second, RipcordEvent event) {
        return new Told(Instant.ofEpochSecond(second), event);
    }
}
