package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan.Deployed;
import dev.ripcord.events.RollbackEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What delivery systems tell of rollouts, and what people see of it. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class DeploymentsTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/")
    URI service;

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
    void a_plan_shows_which_release_was_rolled_out_by_whom_and_when_as_github_told_it() throws Exception {
        suite.snapshot("delivered", "de");
        suite.migrated("delivered", "de");
        Instant now = Instant.parse(Instant.now().toString().substring(0, 19) + "Z");
        assertThat(github(status(1, "in_progress", now.minusSeconds(60))).body().path("databases"))
                .hasToString("[\"delivered\"]");
        assertThat(github(status(2, "success", now)).body().path("duplicate").asBoolean())
                .isFalse();
        assertThat(github(status(1, "in_progress", now.minusSeconds(60)))
                        .body()
                        .path("duplicate")
                        .asBoolean())
                .as("the same status under another delivery's id")
                .isTrue();

        people.asks(
                "ann",
                "requester",
                "rollbacks",
                Map.of("database", "delivered", "rollback", "r-delivered", "reason", "prices are wrong"));

        RollbackEvent.Planned planned = suite.hears(
                RollbackEvent.Planned.class, event -> event.rollback().equals("r-delivered"));
        assertThat(planned.plan().deployments())
                .contains(new Deployed(
                        "github/acme/shop/7",
                        "completed",
                        "v1.2",
                        "octocat",
                        "acme/shop",
                        "live",
                        "ghcr.io/acme/shop:1.2",
                        null,
                        now));
        suite.hears(DeploymentEvent.Completed.class, event -> event.deployment().equals("github/acme/shop/7"));
        people.asks("ann", "requester", "rollbacks/r-delivered/cancel", Map.of("reason", "only a test"));
    }

    @Test
    void what_github_did_not_sign_or_cannot_be_read_is_refused_and_tells_nothing() throws Exception {
        String body = status(90, "success", Instant.now());
        String good = signature(body);
        assertThat(post("github", body, good.replaceAll(".$", good.endsWith("0") ? "1" : "0"))
                        .status())
                .as("another signature")
                .isEqualTo(401);
        assertThat(post("github", body + " ", good).status()).as("altered").isEqualTo(401);
        assertThat(post("github", body, "sha256=").status()).isEqualTo(401);
        assertThat(post("github", body, good.substring("sha256=".length())).status())
                .as("without sha256=")
                .isEqualTo(401);
        assertThat(post("alertmanager", body, good).status())
                .as("an intake of alerts")
                .isEqualTo(404);
        assertThat(post("nowhere", body, good).status()).isEqualTo(404);
        assertThat(send("deployments/github", body, "X-Hub-Signature-256", good, "X-GitHub-Event", "deployment_status")
                        .status())
                .as("no delivery id")
                .isEqualTo(400);
        assertThat(github("{\"deployment\": {\"id\": 1}").status())
                .as("half of it")
                .isEqualTo(400);
        assertThat(github("[]").status()).isEqualTo(400);
        assertThat(github("{\"deployment\": {\"id\": 7}, \"deployment_status\": {\"id\": 91}}")
                        .status())
                .as("no time")
                .isEqualTo(400);
        assertThat(github(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
                        .body()
                        .path("reason")
                        .asText())
                .isEqualTo("the body is not UTF-8");
        assertThat(github("{\"a\": \"" + "x".repeat(2 * 1024 * 1024) + "\"}").status())
                .isEqualTo(413);
        assertThat(send("alerts/github", body, "X-Hub-Signature-256", good, "X-GitHub-Event", "deployment_status")
                        .status())
                .as("it takes no alerts")
                .isEqualTo(404);
        assertThat(OnServer.kept("select count(*)::text from rollback.inbox where id like 'deployment_status/9%'"))
                .isEqualTo("0");
    }

    @Test
    void other_events_of_github_and_rollouts_that_concern_no_database_are_answered_and_passed_over() throws Exception {
        String body = "{\"zen\": \"Keep it logically awesome.\"}";
        assertThat(send(
                                "deployments/github",
                                body,
                                "X-Hub-Signature-256",
                                signature(body),
                                "X-GitHub-Event",
                                "ping",
                                "X-GitHub-Delivery",
                                UUID.randomUUID().toString())
                        .status())
                .isEqualTo(202);
        assertThat(github(status(92, "inactive", Instant.now())).status()).isEqualTo(202);
        assertThat(github(status(93, "success", Instant.now()).replace("\"live\"", "\"preview\""))
                        .body()
                        .path("databases"))
                .isEmpty();
    }

    @Test
    void cdevents_are_understood_on_kafka_and_over_http_and_none_of_them_is_put_aside() throws Exception {
        String id = UUID.randomUUID().toString();
        suite.publish("ripcord.deployment", "dev.cdevents.service.deployed.0.3.0", deployed("k-" + id, "live"));
        suite.publish("ripcord.deployment", "dev.cdevents.service.deployed.0.3.0", deployed("n-" + id, "elsewhere"));
        suite.publish(
                "ripcord.deployment",
                "dev.cdevents.incident.detected.0.3.0",
                cdevent(
                        "i-" + id,
                        "dev.cdevents.incident.detected.0.3.0",
                        "incident-1",
                        "{\"environment\": {\"id\": \"live\"}, \"service\": {\"id\": \"acme/shop\"}, \"description\": \"slow\"}"));
        assertThat(events("dev.cdevents.service.deployed.0.3.0", deployed("h-" + id, "live"))
                        .body()
                        .path("databases"))
                .hasToString("[\"delivered\"]");
        assertThat(events("dev.cdevents.service.removed.0.3.0", deployed("e-" + id, "live"))
                        .status())
                .as("its context says another type")
                .isEqualTo(400);

        await().until(
                        () -> people.looks("vic", "viewer", "deployments?database=delivered")
                                .body()
                                .toString(),
                        told -> told.contains("k-" + id)
                                && told.contains("h-" + id)
                                && told.contains("incident.detected"));
        assertThat(OnServer.kept("select count(*)::text from rollback.known_deployment where deployment like 'n-%'"))
                .isEqualTo("0");
        assertThat(OnServer.kept(
                        "select count(*)::text from rollback.outbox where topic = 'ripcord.deployment.dead-letter'"))
                .isEqualTo("0");
    }

    @Test
    void custom_cdevents_are_the_same_commands_as_our_own_events() throws Exception {
        String type = "dev.cdeventsx.tekton-migration.started.0.1.0";
        String migration = "cde-" + UUID.randomUUID();
        String content = "{\"database\": \"busy\", \"requestedBy\": \"tekton\", \"ofALaterVersion\": true}";
        assertThat(events(type, cdevent("s-" + migration, type, migration, content))
                        .status())
                .isEqualTo(202);
        await().until(() -> people.looks("ben", "approver", "migrations/busy")
                .body()
                .at("/running/migration")
                .asText()
                .equals(migration));

        String end = "dev.cdeventsx.tekton-migration.failed.0.1.0";
        suite.publish(
                "ripcord.migration",
                end,
                cdevent("f-" + migration, end, migration, "{\"database\": \"busy\", \"reason\": \"no\"}"));
        await().until(() -> people.looks("ben", "approver", "migrations/busy")
                .body()
                .path("running")
                .isNull());

        String ask = "dev.cdeventsx.argo-rollback.requested.0.1.0";
        assertThat(events(
                                ask,
                                cdevent(
                                        "a-" + migration,
                                        ask,
                                        "r-" + migration,
                                        "{\"database\": \"busy\", \"snapshot\": \"none\", \"reason\": \"x\", \"requestedBy\": \"else\"}"))
                        .status())
                .isEqualTo(202);
        assertThat(OnServer.kept("select document -> 'request' ->> 'requestedBy' from rollback.task where id = 'r-"
                        + migration + "'"))
                .isEqualTo("tester");
    }

    @Test
    void what_a_structured_event_says_counts_whatever_its_headers_say() throws Exception {
        String event = "{\"specversion\": \"1.0\", \"id\": \"" + UUID.randomUUID()
                + "\", \"source\": \"/ci\", \"type\": \"migration.completed\", \"data\": {\"database\": \"nowhere\", \"migration\": \"m\"}}";

        assertThat(send(
                                "events",
                                event,
                                "Authorization",
                                "Bearer " + Shops.TOKEN,
                                "Content-Type",
                                "application/cloudevents+json",
                                "ce-type",
                                "rollback.approved",
                                "ce-specversion",
                                "0.3")
                        .body()
                        .path("reason")
                        .asText())
                .isEqualTo("database nowhere is not enrolled");
    }

    @Test
    void a_cdevent_that_is_too_large_not_utf_8_or_half_of_one_is_refused() throws Exception {
        String type = "dev.cdevents.service.deployed.0.3.0";
        assertThat(events(type, deployed("x", "live").replace("pkg:oci", "x".repeat(2 * 1024 * 1024)))
                        .status())
                .isEqualTo(413);
        byte[] latin = deployed("x", "ä").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(events(type, latin).body().path("reason").asText()).contains("not UTF-8");
        String whole = deployed("x", "live");
        assertThat(events(type, whole.substring(0, whole.length() / 2)).status())
                .isEqualTo(400);
        assertThat(events(type, "{\"context\": {\"type\": \"" + type + "\"}}").status())
                .as("no subject")
                .isEqualTo(400);
        assertThat(events(type, "").status()).isEqualTo(400);
        assertThat(events("dev.cdevents.pipelinerun.finished.0.3.0", whole).status())
                .as("it means nothing here")
                .isEqualTo(400);
    }

    private static String status(long id, String state, Instant at) {
        return """
                {"action": "created", "ofALaterVersion": {}, "deployment": {"id": 7, "sha": "abc", "ref": "v1.2", "environment": "live",
                  "payload": {"image": "ghcr.io/acme/shop:1.2"}}, "deployment_status": {"id": %d, "state": "%s", "environment": "live",
                  "creator": {"login": "octocat"}, "created_at": "%s", "updated_at": "%s"},
                 "repository": {"full_name": "acme/shop"}, "sender": {"login": "someone"}}""".formatted(id, state, at, at);
    }

    private static String deployed(String id, String environment) {
        return cdevent(
                id,
                "dev.cdevents.service.deployed.0.3.0",
                "acme/shop",
                "{\"environment\": {\"id\": \"" + environment + "\"}, \"artifactId\": \"pkg:oci/shop@1.3\"}");
    }

    private static String cdevent(String id, String type, String subject, String content) {
        return """
                {"context": {"specversion": "0.5.1", "id": "%s", "source": "/cd", "type": "%s", "timestamp": "%s"},
                 "subject": {"id": "%s", "content": %s}}""".formatted(id, type, Instant.now(), subject, content);
    }

    private record Said(int status, JsonNode body) {}

    private Said events(String type, String body) throws Exception {
        return events(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private Said events(String type, byte[] body) throws Exception {
        return send(
                "events",
                body,
                "Authorization",
                "Bearer " + Shops.TOKEN,
                "ce-specversion",
                "1.0",
                "ce-id",
                UUID.randomUUID().toString(),
                "ce-source",
                "/cd",
                "ce-type",
                type);
    }

    private Said github(String body) throws Exception {
        return github(body.getBytes(StandardCharsets.UTF_8));
    }

    private Said github(byte[] body) throws Exception {
        return send(
                "deployments/github",
                body,
                "X-Hub-Signature-256",
                signature(body),
                "X-GitHub-Event",
                "deployment_status",
                "X-GitHub-Delivery",
                UUID.randomUUID().toString());
    }

    private Said post(String intake, String body, String signature) throws Exception {
        return send(
                "deployments/" + intake,
                body,
                "X-Hub-Signature-256",
                signature,
                "X-GitHub-Event",
                "deployment_status",
                "X-GitHub-Delivery",
                UUID.randomUUID().toString());
    }

    private Said send(String path, String body, String... headers) throws Exception {
        return send(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Said send(String path, byte[] body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!all.contains("Content-Type")) all.addAll(List.of("Content-Type", "application/json"));
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(service.resolve(path))
                        .headers(all.toArray(String[]::new))
                        .expectContinue(body.length > 1024 * 1024)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Said(
                answer.statusCode(),
                answer.body().startsWith("{")
                        ? KafkaBinding.JSON.readTree(answer.body())
                        : KafkaBinding.JSON.createObjectNode());
    }

    private static String signature(String body) throws GeneralSecurityException {
        return signature(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(byte[] body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Shops.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    }
}
