package dev.ripcord.rollback.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Identity;
import dev.ripcord.events.Plan;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.core.Request;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanHashTest {

    private static final Identity IDENTITY = new Identity("1", "marker", 7, 180000);
    private static final Request REQUEST = new Request("r1", "shop", null, null, null, "why", "ann", null);
    private static final Plan PLAN = new Plan(
            "full",
            "s1",
            Instant.EPOCH,
            true,
            true,
            List.of(new TableLoss("public.orders", 1, 0, 0, true)),
            100,
            "word",
            "WORD",
            "");

    @Test
    void the_same_facts_have_the_same_hash_whenever_they_were_found() {
        Plan later = PLAN.at(new Plan.Times(Instant.now(), Instant.MAX));
        assertThat(later).isNotEqualTo(PLAN);
        assertThat(Planner.hash(REQUEST, later, IDENTITY)).isEqualTo(Planner.hash(REQUEST, PLAN, IDENTITY));
    }

    @Test
    void another_loss_another_obstacle_another_request_or_another_server_has_another_hash() {
        String hash = Planner.hash(REQUEST, PLAN, IDENTITY);
        Plan moreLoss = with(
                new Plan.Losses(List.of(new TableLoss("public.orders", 2, 0, 0, true)), List.of(), List.of(), ""),
                List.of());
        Plan obstructed = with(PLAN.losses(), List.of(new Plan.Obstacle("replica", "one", "end it", false)));
        assertThat(List.of(
                        Planner.hash(REQUEST, moreLoss, IDENTITY),
                        Planner.hash(REQUEST, obstructed, IDENTITY),
                        Planner.hash(new Request("r2", "shop", null, null, null, "why", "ann", null), PLAN, IDENTITY),
                        Planner.hash(REQUEST, PLAN, new Identity("2", "marker", 7, 180000))))
                .doesNotContain(hash)
                .doesNotHaveDuplicates();
    }

    private static Plan with(Plan.Losses losses, List<Plan.Obstacle> obstacles) {
        return new Plan(
                PLAN.method(),
                PLAN.target(),
                losses,
                PLAN.estimate(),
                PLAN.consent(),
                PLAN.times(),
                List.of(),
                List.of(),
                obstacles,
                null,
                PLAN.facts(),
                "");
    }
}
