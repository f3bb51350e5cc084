package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.events.Way;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class NotifierTest {

    private static final List<TableLoss> LOSS = List.of(new TableLoss("public.orders", 3, 2, 1, false));

    private final String rollback = UUID.randomUUID().toString();
    private final ShownPage page = new ShownPage();
    private Receiver receiver;
    private Subscriber suite;

    @BeforeEach
    void connect() throws IOException {
        receiver = new Receiver();
        suite = new Subscriber();
        Path folder = ConfigProvider.getConfig().getValue("test.folder", Path.class);
        for (String channel : List.of("hook", "chat", "dead", "gone")) {
            Files.writeString(folder.resolve(channel), receiver.address() + "/" + channel);
        }
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
        receiver.close();
    }

    @Test
    void the_status_page_shows_a_rollback_from_open_to_completed() {
        suite.send(requested("shop", "prices <wrong> & \"late\""));
        soon().untilAsserted(() ->
                assertThat(incident("open").path("state").asText()).isEqualTo("requested"));
        assertThat(page.html()).contains("prices &lt;wrong&gt; &amp; ").doesNotContain("<wrong>");

        suite.send(planned("shop", "word"));
        soon().untilAsserted(() ->
                assertThat(incident("open").path("state").asText()).isEqualTo("waiting"));
        assertThat(page.html()).contains("waiting for approval");

        suite.send(new RollbackEvent.Started("shop", rollback, "hash", "anna"));
        suite.send(new RollbackEvent.Step("shop", rollback, "fenced", 12, "2 sessions ended"));
        soon().untilAsserted(
                        () -> assertThat(incident("open").path("step").asText()).isEqualTo("fenced"));

        suite.send(completed("shop"));
        soon().untilAsserted(() ->
                assertThat(incident("past").path("state").asText()).isEqualTo("completed"));
        assertThat(incident("past").path("outageMillis").asDouble()).isEqualTo(41.5);
        assertThat(incident("past").path("keptDatabase").asText()).isEqualTo("shop__failed_1");
        assertThat(page.html())
                .contains("shop__failed_1", "ripcord undo " + rollback, "public.orders", "completed", "42 ms")
                .doesNotContain("<script", "http://", "https://");

        suite.send(new RollbackEvent.LossCounted(
                "shop", rollback, List.of(new TableLoss("public.orders", 30, 20, 10, true)), 5));
        soon().untilAsserted(() ->
                assertThat(incident("past").path("lossExact").asBoolean()).isTrue());
        assertThat(incident("past").path("loss").get(0).get("inserted").asLong())
                .isEqualTo(30);
    }

    @Test
    void a_dry_run_is_neither_told_nor_an_open_incident() {
        Way way = new Way("partial", List.of("public.orders"), false, null, 0, null, true);
        suite.send(new RollbackRequestEvent.Requested("shop", rollback, null, null, null, "what if", "anna", way));
        suite.send(new RollbackEvent.Planned("shop", rollback, plan("word"), true));
        suite.send(dryRunEnded(rollback));
        String older = "older-" + rollback;
        suite.send(new RollbackEvent.Planned("shop", older, plan("word")));
        suite.send(dryRunEnded(older));
        String real = "real-" + rollback;
        suite.send(new RollbackRequestEvent.Requested("shop", real, null, null, null, "in earnest", "anna"));
        soon().untilAsserted(
                        () -> assertThat(page.incident("open", real).isObject()).isTrue());
        soon().untilAsserted(() -> assertThat(
                        page.incident("past", older).path("outcomeReason").asText())
                .isEqualTo("dry run"));
        assertThat(page.incident("past", older).path("state").asText()).isEqualTo("refused");
        assertThat(incident("open").isMissingNode()).isTrue();
        assertThat(incident("past").isMissingNode()).isTrue();
        suite.send(new SnapshotEvent.Failed("shop", "s2", rollback, "the last of this test", "look"));
        soon().untilAsserted(() -> assertThat(about("hook", "snapshot.failed")).hasSize(1));
        assertThat(mine()).noneMatch(body -> body.contains("\"rollback\":\"" + rollback + "\""));
    }

    private static RollbackEvent dryRunEnded(String rollback) {
        return new RollbackEvent.Step("shop", rollback, "dry-run-ended", 0, "nothing was changed");
    }

    @Test
    void the_public_page_shows_no_secret_that_somebody_wrote() {
        suite.send(requested("shop", "restore with PGPASSWORD=s3cret1 soon"));
        suite.send(new RollbackRequestEvent.Rejected("shop", rollback, "use client_secret=s3cret2", "bob"));
        suite.send(new RollbackOutcomeEvent.Failed(
                "shop",
                rollback,
                "kept at postgresql://u:s3cret3@db/shop",
                "password=s3cret4 was wrong",
                "psql postgresql://u:s3cret5@db/shop"));
        soon().untilAsserted(() -> {
            assertThat(incident("past").path("reason").asText()).isEqualTo("restore with PGPASSWORD=… soon");
            assertThat(incident("past").path("declined").asText()).isNotEmpty();
        });
        for (String path : List.of("/", "/status.json", "/feed.json", "/feed.atom")) {
            assertThat(page.send("GET", path, "").body())
                    .as(path)
                    .contains(rollback)
                    .doesNotContain("s3cret1", "s3cret2", "s3cret3", "s3cret4", "s3cret5");
        }
    }

    @Test
    void a_subscriber_is_told_which_checks_failed_and_not_what_they_found() {
        List<CheckResult> checks = List.of(new CheckResult(
                "queries", Verdict.failed, 3, List.of(new Finding("newest customer", "anna", "bob@example.com"))));
        suite.send(new VerificationEvent.Failed("shop", "v1", rollback, checks));
        suite.send(new WatchEvent.Regressed("shop", rollback, 3, checks));
        for (String type : List.of("verification.failed", "watch.regressed")) {
            soon().untilAsserted(() -> assertThat(about("hook", type)).hasSize(1));
            JsonNode check = about("hook", type).getFirst().at("/data/checks/0");
            assertThat(check.path("check").asText()).isEqualTo("queries");
            assertThat(check.path("findings").get(0))
                    .isEqualTo(ShownPage.json("{\"subject\":\"newest customer\",\"expected\":\"\",\"found\":\"\"}"));
        }
    }

    @Test
    void an_outcome_that_comes_before_its_request_is_shown_all_the_same() {
        suite.send(completed("shop"));
        soon().untilAsserted(() -> assertThat(incident("past").isMissingNode()).isFalse());
        suite.send(planned("shop", "automatic"));
        suite.send(requested("shop", "late request"));
        soon().untilAsserted(() ->
                assertThat(incident("past").path("reason").asText()).isEqualTo("late request"));
        assertThat(incident("past").path("state").asText()).isEqualTo("completed");
    }

    @Test
    void a_rollback_that_was_taken_back_says_so() {
        String undo = UUID.randomUUID().toString();
        suite.send(new RollbackOutcomeEvent.Undone("shop", undo, rollback, "shop__failed_2", 20, 500));
        suite.send(completed("shop"));
        soon().untilAsserted(() -> {
            assertThat(incident("past").path("state").asText()).isEqualTo("completed");
            assertThat(incident("past").path("undoneBy").asText()).isEqualTo(undo);
        });
        assertThat(page.html()).contains("completed, undone since").doesNotContain("ripcord undo " + rollback);
    }

    @Test
    void each_event_is_delivered_once_to_each_channel_however_often_it_comes() {
        Envelope<?> event = Envelope.of("/test", completed("shop"));
        for (int i = 0; i < 5; i++) suite.send(event);
        // by the same topic, so that it is read after them
        suite.send(new RollbackOutcomeEvent.Refused("shop", "last-" + rollback, "the last of this test", "look"));
        soon().untilAsserted(() -> assertThat(about("hook", "rollback.refused")).hasSize(1));
        soon().untilAsserted(() -> assertThat(inChat("rollback.refused")).isEqualTo(1));
        assertThat(about("hook", "rollback.completed")).hasSize(1);
        assertThat(inChat("rollback.completed")).isEqualTo(1);
    }

    private long inChat(String type) {
        return receiver.requests("/chat").stream()
                .map(Receiver.Request::body)
                .filter(body -> body.contains(rollback) && body.contains(type))
                .count();
    }

    @Test
    void a_channel_that_never_answers_does_not_hold_up_another() {
        receiver.answering("/dead", (exchange, n) -> park());
        receiver.answering("/gone", (exchange, n) -> Receiver.answer(exchange, 410, "text/plain", "no_team"));
        List<String> rollbacks = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String each = rollback + "-" + i;
            rollbacks.add(each);
            suite.send(new RollbackEvent.Started("crm", each, "hash", "anna"));
        }
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(receiver.requests("/hook").stream()
                                .map(Receiver.Request::body)
                                .filter(body -> rollbacks.stream().anyMatch(body::contains)))
                        .hasSize(30));
        soon().untilAsserted(() -> assertThat(suite.heard("crm"))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(NotificationEvent.Failed.class, failed -> {
                            assertThat(failed.channel()).isEqualTo("gone");
                            assertThat(failed.attempts()).isEqualTo(1);
                            assertThat(failed.reason()).isEqualTo("answered 410: no_team");
                        })));
        soon().untilAsserted(() -> assertThat(receiver.requests("/dead"))
                .as("it is asked again after it did not answer")
                .hasSizeGreaterThan(1));
        assertThat(suite.heard("crm"))
                .noneSatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                NotificationEvent.Delivered.class,
                                delivered -> assertThat(delivered.channel()).isEqualTo("dead")));
    }

    @Test
    void messages_about_one_rollback_keep_their_order_when_the_first_is_refused_for_a_while() {
        receiver.answering("/hook", (exchange, n) -> {
            boolean refused = !mine().isEmpty() && mine().size() < 4;
            Receiver.answer(exchange, refused ? 500 : 200, "text/html", "<html>no</html>");
        });
        Instant first = Instant.now();
        RollbackEvent started = new RollbackEvent.Started("shop", rollback, "hash", "anna");
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", first, null, started));
        soon().untilAsserted(() -> assertThat(about("hook", "rollback.started")).isNotEmpty());
        suite.send(
                new Envelope<>(UUID.randomUUID().toString(), "/test", first.plusSeconds(1), null, completed("shop")));
        soon().untilAsserted(
                        () -> assertThat(about("hook", "rollback.completed")).hasSize(1));
        List<String> order = mine().stream()
                .map(body -> ShownPage.json(body).get("type").asText())
                .toList();
        assertThat(order)
                .containsExactly(
                        "rollback.started",
                        "rollback.started",
                        "rollback.started",
                        "rollback.started",
                        "rollback.completed");
        soon().untilAsserted(() -> assertThat(suite.heard("shop"))
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(
                                NotificationEvent.Delivered.class,
                                delivered -> assertThat(delivered.attempts()).isEqualTo(4))));
    }

    @Test
    void an_outcome_waits_no_longer_for_what_the_channel_does_not_take_however_often_it_is_tried() {
        receiver.answering("/hook", (exchange, n) -> {
            boolean begun = receiver.requests("/hook").getLast().body().contains("rollback.started");
            Receiver.answer(exchange, begun ? 500 : 200, "text/html", "<html>no</html>");
        });
        Instant first = Instant.now();
        RollbackEvent started = new RollbackEvent.Started("shop", rollback, "hash", "anna");
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", first, null, started));
        soon().untilAsserted(() -> assertThat(about("hook", "rollback.started")).isNotEmpty());
        suite.send(
                new Envelope<>(UUID.randomUUID().toString(), "/test", first.plusSeconds(1), null, completed("shop")));
        soon().untilAsserted(
                        () -> assertThat(about("hook", "rollback.completed")).hasSize(1));
        assertThat(about("hook", "rollback.started")).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void an_outcome_that_overtook_its_steps_on_the_other_topic_waits_for_them() {
        Instant first = Instant.now();
        String started = UUID.randomUUID().toString();
        suite.send(new Envelope<>(
                UUID.randomUUID().toString(), "/test", first.plusSeconds(1), null, started, completed("shop")));
        soon().untilAsserted(() -> assertThat(incident("past").isMissingNode()).isFalse());
        await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(10)).until(() -> mine().isEmpty());
        suite.send(new Envelope<>(
                started, "/test", first, null, new RollbackEvent.Started("shop", rollback, "hash", "anna")));
        soon().untilAsserted(
                        () -> assertThat(about("hook", "rollback.completed")).hasSize(1));
        assertThat(mine())
                .extracting(body -> ShownPage.json(body).get("type").asText())
                .containsExactly("rollback.started", "rollback.completed");
    }

    @Test
    void what_happened_long_ago_is_shown_and_not_told() {
        Instant lastWeek = Instant.now().minus(Duration.ofDays(7));
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", lastWeek, null, completed("shop")));
        soon().untilAsserted(() -> assertThat(incident("past").isMissingNode()).isFalse());
        suite.send(new SnapshotEvent.Failed("shop", "s2", rollback, "the last of this test", "look"));
        soon().untilAsserted(() -> assertThat(about("hook", "snapshot.failed")).hasSize(1));
        assertThat(about("hook", "rollback.completed")).isEmpty();
    }

    private RollbackRequestEvent requested(String database, String reason) {
        return new RollbackRequestEvent.Requested(database, rollback, "v42", null, null, reason, "anna");
    }

    private RollbackEvent planned(String database, String approval) {
        return new RollbackEvent.Planned(database, rollback, plan(approval));
    }

    private static Plan plan(String approval) {
        String word = approval.equals("word") ? "CONFIRM_FULL_RESTORE" : null;
        return new Plan("full", "s1", Instant.now(), true, true, LOSS, 40, approval, word, "hash");
    }

    private RollbackOutcomeEvent completed(String database) {
        String undo = "ripcord undo " + rollback;
        return new RollbackOutcomeEvent.Completed(
                database, rollback, "s1", database + "__failed_1", 41.5, 1234, LOSS, List.of(), undo, null);
    }

    /** What of this test came to the hook. */
    private List<String> mine() {
        return receiver.requests("/hook").stream()
                .map(Receiver.Request::body)
                .filter(body -> body.contains(rollback))
                .toList();
    }

    /** The events of this test that a webhook was sent. */
    private List<JsonNode> about(String channel, String type) {
        return receiver.requests("/" + channel).stream()
                .filter(request -> request.body().contains(rollback))
                .map(request -> ShownPage.json(request.body()))
                .filter(event -> event.get("type").asText().equals(type))
                .toList();
    }

    private JsonNode incident(String list) {
        return page.incident(list, rollback);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }

    private static void park() {
        try {
            new java.util.concurrent.CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
