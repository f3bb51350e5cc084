package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.events.Plan;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Preparing;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.method.Protected;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreparationTest {

    private static final Plan PLAN =
            new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");

    @Test
    @SuppressWarnings("NullAway") // nothing is planned
    void a_copy_that_an_interrupted_dry_run_has_left_open_is_ready() {
        try (Protected shop = Protected.of(18, "create table public.orders (id int)")) {
            shop.admin.openToRead(new Command("dry", 1), shop.identity, shop.shadow.oid(), shop.shadow.seal());
            Request request = new Request("r1", shop.name(), null, null, null, "why", "ann", null);
            Target target = new Target("s1", Instant.EPOCH, shop.shadow);

            Preparation.Readiness readiness = new Preparation(shop.vertx, null)
                    .look(shop.database, new Preparing(request, target, PLAN, shop.identity, "ben"));

            assertThat(readiness).isInstanceOf(Preparation.Readiness.Ready.class);
            assertThat(shop.admin.sealOf(shop.shadow.oid())).as("closed").isPresent();
        }
    }
}
