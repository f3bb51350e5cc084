package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.Way;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class PlanTest {

    private static Suite suite;

    @Inject
    StateDatabase state;

    @BeforeAll
    static void open() {
        suite = new Suite();
    }

    @AfterAll
    static void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void a_plan_says_all_that_an_approver_must_know_and_the_copy_it_read_is_the_one_that_is_swapped_in()
            throws SQLException {
        Shadow shadow = suite.snapshot("planned", "p1");
        suite.migrated("planned", "p1");
        execute("planned", "update orders set price = 0 where id <= 10; delete from orders where id = 1000");
        execute("planned", "insert into orders (price) values (1), (2); alter table orders drop column note");
        execute("planned", "alter table orders add column discount int; update orders set discount = 1 where id < 4");

        Plan dry = plan("planned", "p1", "dry-1", true);
        assertThat(swaps("planned")).isZero();
        Plan plan = plan("planned", "p1", "r-planned", false);

        assertThat(plan.loss()).containsExactly(new TableLoss("public.orders", 2, 10, 1, true));
        assertThat(plan.losses().vanishing())
                .containsExactly(new Plan.Vanishing("column", "public.orders.discount", 3L));
        assertThat(plan.losses()).isEqualTo(dry.losses());
        assertThat(plan.warmShadow()).isTrue();
        assertThat(plan.estimate().basis()).contains("no rollback of this database has finished yet");
        assertThat(plan.obstacles()).extracting(Plan.Obstacle::kind).contains("disk space");
        assertThat(Duration.between(plan.times().madeAt(), plan.times().expiresAt()))
                .isEqualTo(Duration.ofHours(1));
        assertThat(plan.advice()).isNotNull();
        assertThat(plan.advice().decision()).isEqualTo("roll back");
        assertThat(plan.advice().reasons()).anyMatch(reason -> reason.contains("destructive, completed"));
        assertThat(plan.advice().fixes())
                .anyMatch(fix -> String.valueOf(fix.sql()).contains("add column \"note\" text"));

        approve("planned", "r-planned", plan);
        suite.hears(Completed.class, event -> event.rollback().equals("r-planned"));
        assertThat(number("postgres", "select oid from pg_database where datname = 'planned'"))
                .isEqualTo(shadow.oid());
        assertThat(suite.find(
                        RestoreEvent.Requested.class, event -> event.restore().equals("r-planned")))
                .as("the warm copy was not lost by reading it")
                .isEmpty();

        suite.snapshot("planned", "p2");
        Plan next = plan("planned", "p2", "dry-2", true);
        assertThat(next.loss()).isEmpty();
        assertThat(next.estimate().rollbacks()).isOne();
        assertThat(next.estimate().durationMillis()).isPositive();
    }

    @Test
    void without_a_ready_copy_the_plan_is_estimated_and_says_so() throws SQLException {
        Shadow shadow = suite.snapshot("cold", "p3");
        execute("postgres", "drop database " + shadow.name());
        execute("cold", "insert into orders (price) values (1), (2)");
        Plan plan = plan("cold", "p3", "dry-cold", true);
        assertThat(plan.warmShadow()).isFalse();
        assertThat(plan.loss()).containsExactly(new TableLoss("public.orders", 2, 0, 0, false));
        assertThat(plan.losses().basis()).contains("no copy is ready");
    }

    @Test
    void a_plan_whose_facts_changed_is_refused_with_what_changed() throws SQLException {
        suite.snapshot("altered", "p4");
        suite.migrated("altered", "p4");
        Plan plan = plan("altered", "p4", "r-altered", false);
        execute("altered", "alter table orders add column late int");
        approve("altered", "r-altered", plan);
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-altered"));
        assertThat(refused.reason()).contains("not as it was planned", "another schema");
        assertThat(refused.next()).contains("make the plan again");
        assertThat(swaps("altered")).isZero();
    }

    @Test
    void a_plan_that_is_older_than_its_limit_is_refused() throws SQLException {
        suite.snapshot("late", "p5");
        suite.migrated("late", "p5");
        Plan plan = plan("late", "p5", "r-late", false);
        // while the service is at it, it would write its own over this
        await().until(() -> !state.query(
                        "update task set document = jsonb_set(document, '{plan,times,expiresAt}', '\"2026-01-01T00:00:00Z\"')"
                                + " where id = $1 and owner is null returning id",
                        "r-late")
                .isEmpty());
        approve("late", "r-late", plan);
        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-late"));
        assertThat(refused.reason()).contains("expired at 2026-01-01T00:00:00Z");
        assertThat(refused.next()).isEqualTo("make it again");
        assertThat(swaps("late")).isZero();
    }

    @Test
    void a_rollback_waits_for_a_dry_run_whose_plan_is_being_made_and_is_not_refused_for_it() throws SQLException {
        suite.snapshot("hasty", "p6");
        suite.migrated("hasty", "p6");
        plan("hasty", "p6", "dry-hasty", true);
        await().until(() -> finished("dry-hasty"));
        state.query("update task set finished = false, due_at = now() + interval '1 hour' where id = 'dry-hasty'");
        suite.publish(request("hasty", "p6", "r-hasty", false));
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertThat(suite.find(Refused.class, event -> event.rollback().equals("r-hasty")))
                .isEmpty();
        assertThat(suite.find(
                        RollbackEvent.Planned.class, event -> event.rollback().equals("r-hasty")))
                .isEmpty();

        state.query("update task set finished = true where id = 'dry-hasty'");

        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals("r-hasty"));
    }

    private boolean finished(String rollback) {
        return state.query("select finished from task where id = $1", rollback)
                .getFirst()
                .getBoolean(0);
    }

    private static Plan plan(String database, String snapshot, String rollback, boolean dry) {
        suite.publish(request(database, snapshot, rollback, dry));
        return suite.hears(
                        RollbackEvent.Planned.class, event -> event.rollback().equals(rollback))
                .plan();
    }

    private static Requested request(String database, String snapshot, String rollback, boolean dry) {
        Way way = new Way("full", List.of(), false, null, 0, null, dry);
        return new Requested(database, rollback, null, snapshot, null, "the test asks", "tester", way);
    }

    private static void approve(String database, String rollback, Plan plan) {
        suite.publish(new Approved(database, rollback, plan.hash(), EnrolledDatabase.WORD, "ann"));
    }

    private static long swaps(String database) throws SQLException {
        return number(
                "ripcord_admin",
                "select count(*) from ripcord.act where step = 'swapped' and database_id = '" + database + "'");
    }

    private static void execute(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String database, String sql) throws SQLException {
        try (Connection connection = Shops.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
