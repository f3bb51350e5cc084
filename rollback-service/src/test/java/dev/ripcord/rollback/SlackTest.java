package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Decisions in Slack, whose requests are made and signed here as its documentation says. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class SlackTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String WORD = EnrolledDatabase.WORD;

    @TestHTTPResource("/")
    URI service;

    private final String slack = ConfigProvider.getConfig().getValue("test.slack", String.class);
    private Suite suite;
    private People people;

    @BeforeEach
    void open() {
        suite = new Suite();
        people = new People(service);
    }

    @AfterEach
    void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void two_people_approve_by_button_and_word_and_whoever_may_not_is_told_so_alone() throws Exception {
        String hash = planned("slacked", "r-slacked");
        String click = click("UBEN", "ripcord_approve", "r-slacked", hash);

        assertThat(send(click, now(), "v0=" + "0".repeat(64))).isEqualTo(401);
        assertThat(send(click, now(), signature(click + " ", now()))).isEqualTo(401);
        String stale = Long.toString(Instant.now().minusSeconds(301).getEpochSecond());
        assertThat(send(click, stale, signature(click, stale))).isEqualTo(401);
        assertThat(send(click, now(), "")).isEqualTo(401);

        tellsAlone("UNKNOWN", "r-slacked", hash, "does not know who you are");
        tellsAlone("UVIC", "r-slacked", hash, "needs the role approver, which vic does not have");
        tellsAlone("UNOBODY", "r-slacked", hash, "which nobody does not have");
        tellsAlone("UBEN", "r-slacked", "0".repeat(64), "The plan has changed since");
        tellsAlone("UBEN", "r-none", hash, "does not wait for approval any more");
        assertThat(approvals()).startsWith("0 of 2");

        assertThat(signed(click).statusCode()).isEqualTo(200);
        JsonNode dialogue = asked("/slack/views.open Bearer " + Shops.INTAKE_TOKEN, "trigger-UBEN");
        assertThat(dialogue.at("/view/callback_id").asText()).isEqualTo("ripcord_approve");
        assertThat(dialogue.at("/view/blocks/0/label/text").asText()).contains(WORD);
        String metadata = dialogue.at("/view/private_metadata").asText();

        assertThat(submits("UANN", metadata, WORD)).contains("\"errors\"", "ann asked for this rollback");
        assertThat(submits("UBEN", metadata, "yes")).contains("\"errors\"", "another word than " + WORD);
        assertThat(submits("UVIC", metadata, WORD)).contains("\"errors\"", "needs the role approver");
        assertThat(approvals()).startsWith("0 of 2");

        String right = submission("UBEN", metadata, WORD);
        String at = now();
        assertThat(send(right, at, signature(right, at))).isEqualTo(200);
        assertThat(approvals()).isEqualTo("1 of 2 (ben); still needed: 1 other than ann and ben");
        long refusals = refusals();
        assertThat(send(right, at, signature(right, at)))
                .as("a replay is answered and does nothing")
                .isEqualTo(200);
        assertThat(submits("UBEN", metadata, WORD)).contains("has approved this plan already and counts once");
        await().until(() -> refusals() == refusals + 1);
        assertThat(approvals()).startsWith("1 of 2");

        assertThat(submits("UCLEO", metadata, WORD)).isEmpty();
        suite.hears(Completed.class, event -> event.rollback().equals("r-slacked"));
        assertThat(suite.hears(
                                RollbackEvent.Started.class,
                                event -> event.rollback().equals("r-slacked"))
                        .approvedBy())
                .isEqualTo("ben and Cleo");
        tellsAlone("UTESTER", "r-slacked", hash, "does not wait for approval any more");
    }

    @Test
    void one_who_rejects_says_why_and_the_rollback_is_over() throws Exception {
        String hash = planned("slackno", "r-slackno");
        signed(click("UTESTER", "ripcord_reject", "r-slackno", hash));
        JsonNode dialogue = asked("/slack/views.open", "trigger-UTESTER");
        assertThat(dialogue.at("/view/blocks/0/label/text").asText()).isEqualTo("Why?");
        String body = submission(
                        "UTESTER", dialogue.at("/view/private_metadata").asText(), "it mends itself")
                .replace("ripcord_approve", "ripcord_reject");
        assertThat(signed(body).body()).isEmpty();
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals("r-slackno"))
                        .reason())
                .isEqualTo("rejected by tester: it mends itself");
    }

    @Test
    void what_is_no_decision_is_taken_and_changes_nothing() throws Exception {
        for (String body : new String[] {"payload=%7B", "payload=%7B%22type%22%3A%22shortcut%22%7D", "x", ""}) {
            String salted = body + "&salt=" + UUID.randomUUID();
            assertThat(signed(salted).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nobody_who_answers_is_told_of_once() throws SQLException {
        planned("unheard", "r-unheard");
        OnServer.agedBy("r-unheard", "16 minutes");
        RollbackEvent.Unanswered unanswered = suite.hears(
                RollbackEvent.Unanswered.class, event -> event.rollback().equals("r-unheard"));
        assertThat(unanswered.limitSeconds()).isEqualTo(900);
        assertThat(unanswered.waitsFor()).isEqualTo("approval: 0 of 2; still needed: 2 other than ann");
        assertThat(unanswered.next()).isEqualTo("ripcord rollback show r-unheard");
        people.asks("ann", "requester", "rollbacks/r-unheard/cancel", Map.of("reason", "enough"));
        suite.hears(Refused.class, event -> event.rollback().equals("r-unheard"));
        assertThat(suite.count(event -> event instanceof RollbackEvent.Unanswered other
                        && other.rollback().equals("r-unheard")))
                .isEqualTo(1);
    }

    private String planned(String database, String rollback) throws SQLException {
        suite.snapshot(database, database + "s");
        suite.migrated(database, database + "s");
        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", database, "rollback", rollback, "reason", "prices are wrong"));
        return suite.hears(
                        RollbackEvent.Planned.class, event -> event.rollback().equals(rollback))
                .plan()
                .hash();
    }

    private void tellsAlone(String user, String rollback, String hash, String text) throws Exception {
        String body = click(user, "ripcord_approve", rollback, hash);
        int before = Shops.SLACK.size();
        assertThat(signed(body).statusCode()).isEqualTo(200);
        JsonNode answer = await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> Shops.SLACK.stream()
                                .skip(before)
                                .filter(each -> each.startsWith("/slack/respond") && each.contains(text))
                                .map(SlackTest::body)
                                .findFirst()
                                .orElse(KafkaBinding.JSON.createObjectNode()),
                        found -> !found.isEmpty());
        assertThat(answer.path("response_type").asText()).isEqualTo("ephemeral");
        assertThat(answer.path("replace_original").asBoolean(true)).isFalse();
    }

    private JsonNode asked(String beginning, String containing) {
        return await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> Shops.SLACK.stream()
                                .filter(each -> each.startsWith(beginning) && each.contains(containing))
                                .map(SlackTest::body)
                                .findFirst()
                                .orElse(KafkaBinding.JSON.createObjectNode()),
                        found -> !found.isEmpty());
    }

    private static JsonNode body(String request) {
        try {
            return KafkaBinding.JSON.readTree(request.substring(request.indexOf('{')));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String click(String user, String action, String rollback, String hash) {
        String value = KafkaBinding.JSON
                .createObjectNode()
                .put("rollback", rollback)
                .put("plan", hash)
                .toString();
        return form(KafkaBinding.JSON.valueToTree(Map.of(
                "type",
                "block_actions",
                "user",
                Map.of("id", user, "username", "whoever"),
                "trigger_id",
                "trigger-" + user,
                "response_url",
                slack + "/respond",
                "actions",
                List.of(Map.of("action_id", action, "type", "button", "value", value)))));
    }

    private static String submission(String user, String metadata, String said) {
        return form(KafkaBinding.JSON.valueToTree(Map.of(
                "type", "view_submission",
                "user", Map.of("id", user),
                "view",
                        Map.of(
                                "callback_id",
                                "ripcord_approve",
                                "private_metadata",
                                metadata,
                                "state",
                                Map.of(
                                        "values",
                                        Map.of(
                                                "said",
                                                Map.of("said", Map.of("type", "plain_text_input", "value", said))))))));
    }

    private static String form(JsonNode payload) {
        return "salt=" + UUID.randomUUID() + "&payload="
                + URLEncoder.encode(payload.toString(), StandardCharsets.UTF_8);
    }

    private String submits(String user, String metadata, String said) throws Exception {
        return signed(submission(user, metadata, said)).body();
    }

    private HttpResponse<String> signed(String body) throws Exception {
        String at = now();
        return post(body, at, signature(body, at));
    }

    private int send(String body, String timestamp, String signature) throws Exception {
        return post(body, timestamp, signature).statusCode();
    }

    private HttpResponse<String> post(String body, String timestamp, String signature) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve("slack/interactions"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Slack-Request-Timestamp", timestamp)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!signature.isEmpty()) request.header("X-Slack-Signature", signature);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String now() {
        return Long.toString(Instant.now().getEpochSecond());
    }

    private static String signature(String body, String timestamp) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Shops.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "v0="
                + HexFormat.of()
                        .formatHex(mac.doFinal(("v0:" + timestamp + ":" + body).getBytes(StandardCharsets.UTF_8)));
    }

    private long refusals() {
        return suite.count(event -> event instanceof RollbackEvent.ApprovalRefused refused
                && refused.rollback().equals("r-slacked"));
    }

    private String approvals() {
        return people.looks("vic", "viewer", "rollbacks/r-slacked")
                .body()
                .path("approvals")
                .asText();
    }
}
