package dev.ripcord.rollback.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Targets;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.report.Story.Told;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentReportTest {

    private static final String ESTIMATE = "| public.orders | 3 | 2 | 1 | estimate |";
    private static final List<TableLoss> LOSS = List.of(new TableLoss("public.orders", 3, 2, 1, false));
    private static final RipcordEvent PLANNED = new RollbackEvent.Planned("shop", "r1", plan());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "swapped: the snapshot is live and open, the failed database is kept as shop__failed_1",
                "changed in place: the column is back",
                "not known: the change was begun, and whether it was committed could not be found out"
            })
    void a_rollback_that_failed_after_it_changed_something_lost_what_its_plan_says(String state) {
        assertThat(markdown(new RollbackOutcomeEvent.Failed("shop", "r1", state, "verification failed", "look")))
                .contains(ESTIMATE, "column public.orders.note")
                .doesNotContain("No rows.");
    }

    @Test
    void what_was_written_since_is_not_on_the_second_server() {
        assertThat(markdown(new RollbackOutcomeEvent.Moved(
                        "shop", "r1", "s1", "there", "here", true, List.of(), 900, "undo it")))
                .contains(ESTIMATE)
                .doesNotContain("No rows.");
    }

    @Test
    void a_rollback_that_changed_nothing_lost_nothing() {
        for (RollbackOutcomeEvent outcome : List.of(
                new RollbackOutcomeEvent.Refused("shop", "r1", "nobody approved", "ask again"),
                new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged: it is open as it was", "no room", "look"))) {
            assertThat(markdown(outcome)).contains("No rows.").doesNotContain("public.orders");
        }
    }

    @Test
    void what_was_counted_goes_before_what_was_planned() {
        TableLoss counted = new TableLoss("public.orders", 30, 20, 10, true);
        assertThat(markdown(
                        new RollbackOutcomeEvent.Failed("shop", "r1", "swapped: it is live", "not well", "look"),
                        new RollbackEvent.LossCounted("shop", "r1", List.of(counted), 5)))
                .contains("| public.orders | 30 | 20 | 10 | counted |");
    }

    @Test
    void a_secret_that_somebody_wrote_is_not_in_it() {
        assertThat(markdown(new RollbackOutcomeEvent.Failed(
                        "shop",
                        "r1",
                        "unchanged: as it was",
                        "PGPASSWORD=s3cret psql failed",
                        "ALTER ROLE a PASSWORD 's3cret'")))
                .contains("PGPASSWORD")
                .doesNotContain("s3cret");
    }

    private static String markdown(RipcordEvent... events) {
        List<Told> told = Stream.concat(Stream.of(PLANNED), Stream.of(events))
                .map(event -> new Told(Instant.EPOCH, event))
                .toList();
        return Markdown.of(IncidentReport.of("r1", new Story(told), Targets.NONE, List.of()));
    }

    private static Plan plan() {
        Plan plan = new Plan("full", "s1", Instant.EPOCH, true, true, LOSS, 40, "word", "CONFIRM", "0a1b");
        Plan.Vanishing note = new Plan.Vanishing("column", "public.orders.note", null);
        return new Plan(
                plan.method(),
                plan.target(),
                new Plan.Losses(LOSS, List.of(note), List.of(), ""),
                plan.estimate(),
                plan.consent(),
                plan.times(),
                plan.steps(),
                plan.rungs(),
                plan.obstacles(),
                null,
                plan.facts(),
                plan.hash());
    }
}
