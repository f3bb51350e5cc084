package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Protected;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class LiveChangeTest {

    private static final Plan PLAN =
            new Plan("schema", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");

    @Test
    @SuppressWarnings("NullAway") // no method is used
    void a_copy_that_an_interrupted_rehearsal_has_left_open_is_closed_when_the_rollback_is_refused() {
        try (Protected shop = Protected.inPlace(18, "create table public.orders (id int)", UnaryOperator.identity())) {
            LiveChange live = new LiveChange(shop.vertx, null, List.of());
            Shadow stage = shop.stage();
            live.endRehearsal(shop.database, rehearsing(shop, stage), 1);
            assertThat(shop.admin.sealOf(stage.oid())).as("nothing to do").hasValue(stage.seal());
            shop.admin.openForRehearsal(new Command("r1", 1), shop.identity, stage.oid(), stage.seal());

            live.endRehearsal(shop.database, rehearsing(shop, stage), 2);

            assertThat(shop.admin.sealOf(stage.oid())).as("closed").isPresent();
            shop.execute("postgres", "drop database " + stage.name());
            live.endRehearsal(shop.database, rehearsing(shop, stage), 3);
        }
    }

    private static Rehearsing rehearsing(Protected shop, Shadow stage) {
        Request request = new Request("r1", shop.name(), null, null, null, "why", "ann", null);
        Planning planning = new Planning(request, new Target("s1", Instant.EPOCH, null), 0, null);
        return new Rehearsing(request, PLAN, shop.identity, planning, "s2", stage);
    }
}
