package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.TableLoss;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the page has of rollbacks that did not go straight on. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class IncidentsTest {

    private static final List<TableLoss> LOSS = List.of(new TableLoss("public.orders", 3, 2, 1, false));

    @Inject
    StateDatabase state;

    private final String rollback = UUID.randomUUID().toString();
    private final ShownPage page = new ShownPage();
    private final Subscriber suite = new Subscriber();

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
    }

    @Test
    void an_open_rollback_stays_on_the_page_however_many_ended_since() {
        send(Instant.now().minusSeconds(3600), started("hash"));
        soon().untilAsserted(() -> assertThat(open().isObject()).isTrue());
        state.query(
                "insert into incident (rollback, database_id, first_at, outcome, outcome_at)"
                        + " select $1 || '-' || n, 'crowd', now(), 'refused', now() from generate_series(1, 150) n",
                rollback);
        try {
            assertThat(open().path("state").asText()).isEqualTo("running");
        } finally {
            state.query("delete from incident where database_id = 'crowd'");
        }
    }

    @Test
    void the_public_hears_of_what_was_begun_and_nothing_of_why_of_who_or_of_what_was_lost() {
        suite.send(new RollbackRequestEvent.Requested(
                "shop", rollback, "v1", null, null, "prices of customer Miller", "anna"));
        suite.send(planned("0a"));
        soon().untilAsserted(() -> assertThat(open().path("state").asText()).isEqualTo("waiting"));
        assertThat(page.send("GET", "/public/status.json", "").body()).doesNotContain(rollback);
        suite.send(started("0a"));
        soon().untilAsserted(() -> assertThat(open().path("state").asText()).isEqualTo("running"));
        for (String path : List.of("/public", "/public/status.json", "/public/feed.atom", "/public/feed.json")) {
            assertThat(page.send("GET", path, "").body())
                    .as(path)
                    .contains(rollback, "running")
                    .doesNotContain("Miller", "anna", "public.orders");
        }
        suite.send(new RollbackOutcomeEvent.Failed("shop", rollback, "swapped: it is live", "row 4711", "look at it"));
        soon().untilAsserted(() -> assertThat(past().path("state").asText()).isEqualTo("failed"));
        for (String path : List.of("/public", "/public/status.json", "/public/feed.atom", "/public/feed.json")) {
            assertThat(page.send("GET", path, "").body())
                    .as(path)
                    .contains(rollback, "failed")
                    .doesNotContain("4711", "swapped", "look at it", "anna", "public.orders");
        }
    }

    @Test
    void while_a_second_plan_waits_nobody_has_approved_it() {
        Instant first = Instant.now().minusSeconds(60);
        send(first, planned("0a"));
        send(first.plusSeconds(1), started("0a"));
        soon().untilAsserted(
                        () -> assertThat(open().path("approvedBy").asText()).isEqualTo("anna"));
        send(first.plusSeconds(2), new RollbackEvent.Fell("shop", rollback, "schema", "full", "it is locked"));
        send(first.plusSeconds(3), planned("0b"));
        soon().untilAsserted(() -> assertThat(open().path("state").asText()).isEqualTo("waiting"));
        assertThat(open().path("approvedBy").isNull()).isTrue();
        send(first.plusSeconds(4), started("0b"));
        soon().untilAsserted(() -> assertThat(open().path("state").asText()).isEqualTo("running"));
    }

    @Test
    void a_rollback_that_changed_nothing_lost_nothing() {
        suite.send(planned("0a"));
        soon().untilAsserted(() -> assertThat(open().path("loss")).isNotEmpty());
        suite.send(new RollbackOutcomeEvent.Refused("shop", rollback, "nobody approved", "ask again"));
        soon().untilAsserted(() -> assertThat(past().path("state").asText()).isEqualTo("refused"));
        assertThat(past().path("loss")).isEmpty();
        suite.send(new RollbackOutcomeEvent.Failed("shop", rollback, "unchanged: it is open", "no room", "look"));
        soon().untilAsserted(() -> assertThat(past().path("state").asText()).isEqualTo("failed"));
        assertThat(past().path("loss")).isEmpty();
        suite.send(new RollbackOutcomeEvent.Failed("shop", rollback, "swapped: it is live", "not well", "look"));
        soon().untilAsserted(() -> assertThat(past().path("loss")).isNotEmpty());
    }

    @Test
    void how_long_an_application_was_without_a_database_that_moved_is_not_known() {
        suite.send(new RollbackOutcomeEvent.Moved(
                "shop", rollback, "s1", "there", "here", true, List.of(), 900, "undo it"));
        soon().untilAsserted(
                        () -> assertThat(past().path("totalMillis").asLong()).isEqualTo(900));
        assertThat(past().path("outageMillis").isNull()).isTrue();
    }

    @Test
    void what_is_only_said_beside_a_rollback_makes_none() {
        suite.send(new RollbackRequestEvent.Cancelled("shop", rollback, "a dry run", "anna"));
        suite.send(new RollbackEvent.PostMortemDone("shop", rollback, "anna"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !state.query(
                                "select 1 from incident where rollback = $1 and declined is not null and post_mortem_done",
                                rollback)
                        .isEmpty());
        assertThat(open().isMissingNode()).isTrue();
        assertThat(past().isMissingNode()).isTrue();
        suite.send(new RollbackOutcomeEvent.Refused("shop", rollback, "cancelled", "ask again"));
        soon().untilAsserted(
                        () -> assertThat(past().path("declined").asText()).isEqualTo("cancelled by anna: a dry run"));
    }

    private RipcordEvent planned(String hash) {
        return new RollbackEvent.Planned(
                "shop", rollback, new Plan("full", "s1", Instant.EPOCH, true, true, LOSS, 40, "word", "W", hash));
    }

    private RipcordEvent started(String hash) {
        return new RollbackEvent.Started("shop", rollback, hash, "anna");
    }

    private void send(Instant time, RipcordEvent event) {
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", time, null, event));
    }

    private JsonNode open() {
        return page.incident("open", rollback);
    }

    private JsonNode past() {
        return page.incident("past", rollback);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
