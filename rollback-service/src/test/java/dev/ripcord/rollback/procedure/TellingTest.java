package dev.ripcord.rollback.procedure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.RollbackState.Cancellable;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Failed;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.RollbackState.Securing;
import dev.ripcord.rollback.core.Target;
import dev.ripcord.rollback.hooks.Hooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TellingTest {

    private static final Plan PLAN =
            new Plan("schema", "s1", Instant.EPOCH, true, true, List.of(), 1, "automatic", null, "h");
    private static final Identity IDENTITY = new Identity("1", "m", 2, 18);

    private final Telling tell = new Telling(new Hooks(), new SimpleMeterRegistry());

    @Test
    void a_change_in_place_that_is_refused_ends_the_migration_it_was_announced_as() {
        Planning planning = planning("schema");
        Securing securing = new Securing(planning.request(), PLAN, IDENTITY, planning);
        Shadow copy = new Shadow("shop__shadow_1", 3, "7", "1");
        assertThat(told(securing)).containsExactly(MigrationEvent.Failed.class, RollbackOutcomeEvent.Refused.class);
        assertThat(told(new Rehearsing(planning.request(), PLAN, IDENTITY, planning, "s2", copy)))
                .containsExactly(MigrationEvent.Failed.class, RollbackOutcomeEvent.Refused.class);
    }

    @Test
    void where_none_was_announced_none_ends() {
        Planning planning = planning("application");
        assertThat(told(new Securing(planning.request(), PLAN, IDENTITY, planning)))
                .containsExactly(RollbackOutcomeEvent.Refused.class);
        assertThat(told(new Asked(planning.request()))).containsExactly(RollbackOutcomeEvent.Refused.class);
    }

    @Test
    void of_a_change_that_may_be_half_way_the_command_is_named_that_gives_up_this_one_alone() {
        Planning planning = planning("schema");
        Request request = new Request("it's r1", "shop", null, null, null, "why", "ann", null);
        Changing changing = new Changing(request, PLAN, IDENTITY, planning, null, null);

        assertThat(new TellingInPlace(tell, new Hooks())
                        .unknown(changing, "no answer")
                        .announcements())
                .singleElement()
                .isInstanceOfSatisfying(
                        RollbackOutcomeEvent.Failed.class,
                        failed -> assertThat(failed.next()).contains("select ripcord.reopen('shop', 'it''s r1')"));
    }

    @Test
    void what_to_do_next_is_kept_with_the_state_and_absent_from_one_that_was_stored_before() throws IOException {
        Planning planning = planning("schema");
        Changing changing = new Changing(planning.request(), PLAN, IDENTITY, planning, null, null);
        TellingInPlace inPlace = new TellingInPlace(tell, new Hooks());

        RollbackState ended = inPlace.failed(changing, "it broke", "mend it").state();
        assertThat(inPlace.unknown(changing, "no answer").state())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.next()).contains("select ripcord.reopen('shop', 'r1')"));

        ObjectNode stored = KafkaBinding.STORED.valueToTree(ended);
        assertThat(stored.path("next").asText()).isEqualTo("mend it");
        stored.remove("next");
        assertThat(KafkaBinding.STORED.treeToValue(stored, Failed.class))
                .isEqualTo(new Failed(planning.request(), "it broke", null));
    }

    private List<Class<?>> told(Cancellable from) {
        return tell.refused(from, "why", "next").announcements().stream()
                .<Class<?>>map(Object::getClass)
                .toList();
    }

    private static Planning planning(String method) {
        Way way = new Way(method, List.of(), false, null, 0, null, true);
        Request request = new Request("r1", "shop", null, null, null, "why", "ann", way);
        return new Planning(request, new Target("s1", Instant.EPOCH, null), 0, null);
    }
}
