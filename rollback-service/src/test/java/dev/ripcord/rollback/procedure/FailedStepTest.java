package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Abandoning;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Swapping;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.hooks.Hooks;
import dev.ripcord.rollback.method.Protected;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailedStepTest {

    private static final Plan PLAN =
            new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");

    @Test
    void a_server_that_is_another_one_by_now_is_not_asked_for_ever_to_be_opened() {
        RollbackProcedure procedure = procedure(new Databases(List.of(), null, null, null, null));
        Swapping swapping = swapping("shop", new Identity("1", "m", 2, 18), new Shadow("shop__shadow_1", 3, "7", "1"));
        Abandoning abandoning = swapping.abandon("it did not answer");
        RefusedException another = new RefusedException("this server is another one");

        assertThat(procedure
                        .onFailure(task(abandoning, Duration.ofMinutes(3)), another)
                        .state())
                .isEqualTo(abandoning);
        Next<RollbackState> later = procedure.onFailure(task(abandoning, Duration.ofMinutes(16)), another);
        assertThat(later.finished()).isTrue();
        assertThat(later.state())
                .isInstanceOfSatisfying(
                        RollbackState.Failed.class,
                        failed -> assertThat(failed.next()).contains("select ripcord.reopen('shop')"));
        assertThat(later.announcements())
                .singleElement()
                .isInstanceOfSatisfying(RollbackOutcomeEvent.Failed.class, failed -> {
                    assertThat(failed.state()).startsWith("not known");
                    assertThat(failed.reason()).contains("it did not answer", "another one");
                    assertThat(failed.next()).contains("select ripcord.reopen('shop')");
                });
    }

    @Test
    void a_database_that_another_holds_for_its_snapshot_is_waited_for() {
        try (Protected shop = Protected.of(18, "create table public.orders (id int)")) {
            RollbackProcedure procedure = procedure(new Databases(List.of(shop.database), null, null, null, null));
            Swapping swapping = swapping(shop.name(), shop.identity, shop.shadow);
            Command gate = new Command("gate", 1);
            shop.admin.close(gate, shop.identity, true);
            DatabaseFailure held = catchThrowableOfType(
                    DatabaseFailure.class, () -> shop.admin.close(new Command("r1", 1), shop.identity, false));
            shop.admin.open(gate, shop.identity);

            Next<RollbackState> next = procedure.onFailure(task(swapping, Duration.ofSeconds(1)), held);

            assertThat(held.sqlState()).isEqualTo("RC004");
            assertThat(next.state()).isEqualTo(swapping);
            assertThat(next.announcements()).isEmpty();
        }
    }

    @Test
    void where_a_database_was_shut_to_stop_the_damage_it_says_how_the_rollback_gets_in() {
        try (Protected shop = Protected.of(18, "create table public.orders (id int)")) {
            shop.execute("postgres", "alter database " + shop.name() + " with allow_connections false");
            DatabaseFailure shut = catchThrowableOfType(DatabaseFailure.class, shop::session);
            RollbackProcedure procedure = procedure(new Databases(List.of(shop.database), null, null, null, null));
            Request request = new Request("r1", shop.name(), null, null, null, "why", "ann", null);
            Planning planning = new Planning(request, new Target("s1", Instant.EPOCH, shop.shadow), 0, null);

            Next<RollbackState> next = procedure.onFailure(task(planning, Duration.ofSeconds(5)), shut);

            assertThat(next.announcements())
                    .singleElement()
                    .isInstanceOfSatisfying(RollbackOutcomeEvent.Refused.class, refused -> {
                        assertThat(refused.reason()).contains("not currently accepting connections");
                        assertThat(refused.next()).contains("allow_connections true");
                    });
        }
    }

    private static Swapping swapping(String database, Identity identity, Shadow copy) {
        Request request = new Request("r1", database, null, null, null, "why", "ann", null);
        return new Swapping(request, new Target("s1", Instant.EPOCH, copy), PLAN, identity, copy);
    }

    private static Task<RollbackState> task(RollbackState state, Duration inState) {
        Instant since = Instant.now().minus(inState);
        String database = state.request().database();
        return new Task<>("rollback", "r1", database, state, 1, 6, since, since, List.of());
    }

    @SuppressWarnings("NullAway") // nothing but what a failed step asks for
    private static RollbackProcedure procedure(Databases databases) {
        Telling telling = new Telling(new Hooks(), new SimpleMeterRegistry());
        Admission admission = new Admission(null, null, null, null, null) {
            @Override
            Optional<Decision.Denied> overtaken(Task<RollbackState> task) {
                return Optional.empty();
            }
        };
        return new RollbackProcedure(
                databases, admission, null, null, null, null, null, null, null, telling, null, null);
    }
}
