package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.notifier.channel.slack.SlackServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told stands where the routes say, and in whose words. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class RoutesTest {

    private final String rollback = UUID.randomUUID().toString();
    private final ShownPage page = new ShownPage();
    private final Path folder = ConfigProvider.getConfig().getValue("test.folder", Path.class);
    private Receiver receiver;
    private SlackServer slack;
    private Subscriber suite;

    @BeforeEach
    void connect() throws IOException {
        receiver = new Receiver();
        slack = new SlackServer(ConfigProvider.getConfig().getValue("test.slack-port", Integer.class));
        suite = new Subscriber();
        for (String channel : List.of("hook", "chat", "sink")) {
            Files.writeString(folder.resolve(channel), receiver.address() + "/" + channel);
        }
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
        slack.close();
        receiver.close();
    }

    @Test
    void a_rollback_is_one_thread_in_slack_however_long_it_takes() {
        suite.send(new RollbackRequestEvent.Requested("bank", rollback, "v1", null, null, "wrong", "anna"));
        soon().untilAsserted(() -> assertThat(told()).hasSize(1));
        suite.send(new RollbackEvent.Step("bank", rollback, "fenced", 12, "2 sessions ended"));
        soon().untilAsserted(() -> assertThat(told()).hasSize(2));
        suite.send(new RollbackOutcomeEvent.Undone("bank", rollback, "r0", "kept", 20, 500));
        soon().untilAsserted(() -> assertThat(told()).hasSize(3));
        soon().untilAsserted(() -> assertThat(told().getFirst().edits()).isEqualTo(1));
        assertThat(told().stream().filter(SlackServer.Shown::inChannel)).hasSize(2);
    }

    @Test
    void a_route_sends_what_it_asks_for_and_nothing_else() {
        suite.send(new RollbackEvent.Step("bank", rollback, "fenced", 12, "2 sessions ended"));
        suite.send(new RollbackEvent.Started("bank", rollback, "hash", "anna"));
        suite.send(new RollbackOutcomeEvent.Failed("bank", rollback, "unchanged", "no room", "look"));
        soon().untilAsserted(() -> assertThat(receiver.requests("/sink").stream()
                        .filter(request -> request.body().contains(rollback))
                        .map(request ->
                                ShownPage.json(request.body()).get("type").asText()))
                .containsExactlyInAnyOrder("rollback.step", "rollback.failed"));
    }

    @Test
    void whoever_was_paged_hears_how_it_ended_whatever_the_route_asks_for() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(new RollbackOutcomeEvent.Refused("bank", "not-" + rollback, "nothing there", "look"));
            suite.send(new RollbackEvent.Unanswered("bank", rollback, Instant.EPOCH, 900, "approval", "answer"));
            soon().untilAsserted(
                            () -> assertThat(actions(duty)).containsExactly("trigger " + rollback + "/unanswered"));
            suite.send(new RollbackOutcomeEvent.Refused("bank", rollback, "cancelled", "ask again"));
            soon().untilAsserted(() -> assertThat(actions(duty))
                    .containsExactly(
                            "trigger " + rollback + "/unanswered",
                            "resolve " + rollback,
                            "resolve " + rollback + "/unanswered"));
        }
    }

    @Test
    void what_came_too_late_pages_nobody_any_more() throws IOException {
        Instant then = Instant.now().minusSeconds(600);
        suite.send(at(then, new RollbackEvent.Unanswered("bank", rollback, then, 900, "approval", "answer")));
        soon().untilAsserted(() -> assertThat(deliveries("duty")).hasSize(1));
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(at(then.plusSeconds(60), new RollbackOutcomeEvent.Refused("bank", rollback, "no", "none")));
            soon().untilAsserted(() -> assertThat(actions(duty)).containsExactly("resolve " + rollback));
        }
        JsonNode spared = deliveries("duty").path(1);
        assertThat(spared.path("about").asText()).isEqualTo("rollback.unanswered");
        assertThat(spared.path("state").asText()).isEqualTo("given-up");
        assertThat(spared.path("problem").asText()).startsWith("not needed any more");
    }

    @Test
    void what_ended_long_ago_ends_what_was_opened_and_is_told_to_nobody_else() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        Instant then = Instant.now().minusSeconds(7200);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(new RollbackEvent.Unanswered("bank", rollback, Instant.EPOCH, 900, "approval", "answer"));
            soon().untilAsserted(() -> assertThat(actions(duty)).hasSize(1));
            suite.send(at(then, new RollbackOutcomeEvent.Failed("bank", rollback, "unchanged", "no room", "look")));
            soon().untilAsserted(() -> assertThat(actions(duty)).contains("resolve " + rollback + "/unanswered"));
        }
        soon().untilAsserted(() -> assertThat(
                        deliveries("sink").path(0).path("problem").asText())
                .startsWith("not told: it was heard 2 hours after it happened"));
        assertThat(deliveries("sink").path(0).path("state").asText()).isEqualTo("given-up");
        assertThat(receiver.requests("/sink"))
                .filteredOn(request -> request.body().contains("rollback.failed"))
                .noneMatch(request -> request.body().contains(rollback));
    }

    @Test
    void a_start_that_is_sent_again_after_a_failure_does_not_resolve_it() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(new RollbackEvent.Unanswered("bank", rollback, Instant.EPOCH, 900, "approval", "answer"));
            soon().untilAsserted(() -> assertThat(actions(duty)).hasSize(1));
            duty.answering("/v2/enqueue", (exchange, n) -> Receiver.answer(exchange, 400, "text/plain", "no"));
            suite.send(new RollbackEvent.Started("bank", rollback, "hash", "anna"));
            soon().untilAsserted(
                            () -> assertThat(started().path("problem").asText()).isEqualTo("answered 400: no"));
            duty.answering("/v2/enqueue", (exchange, n) -> Receiver.answer(exchange, 202, "text/plain", "{}"));
            suite.send(new RollbackOutcomeEvent.Failed("bank", rollback, "unchanged", "no room", "look"));
            soon().untilAsserted(() -> assertThat(actions(duty)).contains("trigger " + rollback));
            String id = started().path("id").asText();
            assertThat(page.send("POST", "/deliveries/" + id + "/again", "administrator")
                            .statusCode())
                    .isEqualTo(202);
            soon().untilAsserted(
                            () -> assertThat(started().path("problem").asText()).startsWith("not needed any more"));
            assertThat(actions(duty))
                    .as("the one that was refused")
                    .filteredOn(("resolve " + rollback)::equals)
                    .hasSize(1);
        }
    }

    @Test
    void what_comes_after_what_followed_it_leaves_the_head_of_the_thread_as_it_is() {
        Instant then = Instant.now();
        suite.send(at(then, new RollbackEvent.Started("bank", rollback, "hash", "anna")));
        soon().untilAsserted(() -> assertThat(told()).hasSize(1));
        Plan plan = new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b");
        suite.send(at(then.minusSeconds(1), new RollbackEvent.Planned("bank", rollback, plan)));
        soon().untilAsserted(() -> assertThat(told()).hasSize(2));
        soon().untilAsserted(() ->
                assertThat(deliveries("thread").findValuesAsText("state")).containsExactly("delivered", "delivered"));
        assertThat(told().getFirst().text()).contains("started");
        assertThat(told().getFirst().edits()).isZero();
        assertThat(told().toString()).doesNotContain("ripcord_approve");
    }

    @Test
    void whoever_was_paged_of_a_regress_hears_how_the_watch_ended() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(new WatchEvent.Regressed("cellar", rollback, 3, List.of()));
            soon().untilAsserted(() ->
                    assertThat(actions(duty)).singleElement().asString().startsWith("trigger " + rollback + "/"));
            String alert = actions(duty).getFirst().replace("trigger ", "");
            suite.send(new WatchEvent.Completed("cellar", rollback, Verdict.passed, 60, 3, 1, List.of()));
            soon().untilAsserted(() -> assertThat(actions(duty))
                    .containsExactly("trigger " + alert, "resolve " + alert, "resolve " + rollback));
        }
    }

    @Test
    void whoever_was_paged_of_delivery_that_is_held_hears_that_it_goes_on() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.duty-port", Integer.class);
        try (Receiver duty = new Receiver(port, request -> new Receiver.Said(202, "{\"status\":\"success\"}"))) {
            suite.send(new RollbackEvent.DeliveryHeld("loft", rollback, "permission denied", "resume it"));
            String alert = rollback + "/delivery-held";
            soon().untilAsserted(() -> assertThat(actions(duty)).containsExactly("trigger " + alert));
            suite.send(new RollbackEvent.Step("loft", rollback, "delivery-resumed", 5, "as before"));
            soon().untilAsserted(
                            () -> assertThat(actions(duty)).containsExactly("trigger " + alert, "resolve " + alert));
        }
    }

    @Test
    void an_incident_on_a_public_page_ends_whatever_the_route_asks_for() throws IOException {
        int port = ConfigProvider.getConfig().getValue("test.page-port", Integer.class);
        try (Receiver provider = new Receiver(port, request -> new Receiver.Said(200, "{\"id\":\"i1\"}"))) {
            suite.send(new RollbackEvent.Started("attic", rollback, "hash", "anna"));
            soon().untilAsserted(() ->
                    assertThat(provider.requests("/v1/page1/incidents")).hasSize(1));
            suite.send(new RollbackOutcomeEvent.Moved(
                    "attic", rollback, "s1", "there", "here", true, List.of(), 900, "ripcord rollback undo"));
            soon().untilAsserted(() -> assertThat(provider.requests("/v1/page1/incidents/i1/incident-updates"))
                    .singleElement()
                    .satisfies(update -> assertThat(update.body()).contains("RESOLVED")));
        }
    }

    @Test
    void buttons_go_when_the_plan_is_decided_whatever_the_route_asks_for() {
        suite.send(new RollbackEvent.Planned(
                "vault",
                rollback,
                new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b")));
        soon().untilAsserted(() -> assertThat(head()).contains("ripcord_approve"));
        suite.send(new RollbackEvent.Started("vault", rollback, "hash", "anna"));
        soon().untilAsserted(() -> assertThat(head()).isNotEmpty().doesNotContain("ripcord_approve"));
        suite.send(new RollbackEvent.Step("vault", rollback, "fenced", 12, "2 sessions ended"));
        suite.send(new RollbackOutcomeEvent.Undone("vault", rollback, "r0", "kept", 20, 500));
        soon().untilAsserted(() -> assertThat(told()).hasSize(3));
    }

    /** The delivery of the start to the pager. */
    private JsonNode started() {
        for (JsonNode each : deliveries("duty")) {
            if (each.path("about").asText().equals("rollback.started")) return each;
        }
        return MissingNode.getInstance();
    }

    private JsonNode deliveries(String channel) {
        String path = "/deliveries?channel=" + channel + "&rollback=" + rollback;
        return ShownPage.json(page.send("GET", path, "viewer").body());
    }

    private static Envelope<?> at(Instant time, RipcordEvent event) {
        return new Envelope<>(UUID.randomUUID().toString(), "/test", time, null, event);
    }

    private static List<String> actions(Receiver duty) {
        return duty.requests("/v2/enqueue").stream()
                .map(request -> ShownPage.json(request.body()))
                .map(event -> event.path("event_action").asText() + " "
                        + event.path("dedup_key").asText())
                .toList();
    }

    @Test
    void a_team_says_it_in_its_own_words() throws IOException {
        Path template = Files.writeString(
                folder.resolve("templates").resolve("rollback.glass-broken.txt"),
                "Somebody broke the glass of {database}");
        suite.send(new RollbackEvent.GlassBroken("shop", rollback, "hash", "cleo", "nobody answers"));
        soon().untilAsserted(() -> assertThat(receiver.requests("/chat"))
                .anyMatch(request -> request.body().contains("Somebody broke the glass of shop")));
        Files.delete(template);
    }

    /** What the head of the thread looks like, empty where there is none yet. */
    private String head() {
        return told().stream()
                .findFirst()
                .map(shown -> shown.blocks().toString())
                .orElse("");
    }

    /** What Slack shows of this rollback. */
    private List<SlackServer.Shown> told() {
        return slack.messages().stream()
                .filter(shown ->
                        shown.metadata().at("/event_payload/rollback").asText().equals(rollback))
                .toList();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
