package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static final Instant TAKEN = Instant.parse("2026-03-14T02:00:00Z");

    private static final Plan PLAN = new Plan(
            "full",
            new Plan.Target("k3v9x2qa", TAKEN, true, true),
            new Plan.Losses(
                    List.of(
                            new TableLoss("public.orders", 412, 37, 3, true),
                            new TableLoss("public.log", 9, 0, 0, false)),
                    List.of(
                            new Plan.Vanishing("column", "public.orders.discount", 112L),
                            new Plan.Vanishing("view", "public.rich", null)),
                    List.of("SELECT on public.orders is granted to reporting again"),
                    "1 of 2 tables were compared row by row"),
            new Plan.Estimate(120, 1800L, 3, "median of the last 3 finished rollbacks of this database"),
            new Plan.Consent("word", "CONFIRM_FULL_RESTORE", 2),
            new Plan.Times(TAKEN.plusSeconds(4200), TAKEN.plusSeconds(7800)),
            List.of(),
            List.of(),
            List.of(new Plan.Obstacle("prepared transaction", "half of ann", "rollback prepared 'half'", true)),
            new Plan.Advice(
                    "fix forward",
                    "slow",
                    true,
                    false,
                    List.of("A restore would lose what was written since."),
                    List.of(new Plan.Fix("Add the column back.", "alter table orders add column note text", ""))),
            new Plan.Facts("1", 2, "abc"),
            "feed");

    @Test
    void everything_that_an_approver_decides_by_is_there_in_words() {
        String text = String.join("\n", PlanText.of("r1", PLAN, TAKEN.plusSeconds(4200)));
        assertThat(text)
                .contains("full, back to 2026-03-14T02:00:00Z, 70 min ago")
                .contains("k3v9x2qa, proven, its copy is ready")
                .contains("about 120 ms outage, 1.8 s in all (median of the last 3")
                .contains("fix forward (slow)")
                .contains("alter table orders add column note text")
                .contains("public.orders: 412 new rows, 37 changes; 3 deleted rows come back")
                .contains("about public.log: 9 new rows, 0 changes; 0 deleted rows come back (estimated)")
                .contains("column public.orders.discount with 112 values")
                .contains("view public.rich")
                .contains("SELECT on public.orders is granted to reporting again")
                .contains("STOPPED BY  prepared transaction: half of ann")
                .contains("rollback prepared 'half'")
                .contains("2 approvers type CONFIRM_FULL_RESTORE, until 2026-03-14T04:10:00Z")
                .contains("ripcord rollback approve r1 --plan feed --word CONFIRM_FULL_RESTORE");
    }

    @Test
    void a_plan_that_is_too_old_says_so() {
        assertThat(PlanText.of("r1", PLAN, TAKEN.plusSeconds(9000))).anyMatch(line -> line.contains("it EXPIRED at"));
    }
}
