package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.AlertEvent.Judged;
import dev.ripcord.events.AlertEvent.Verdict;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What monitoring posts, and what it may cause. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class AlertsTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/")
    URI service;

    private Suite suite;

    @BeforeEach
    void open() {
        suite = new Suite();
    }

    @AfterEach
    void close() throws InterruptedException {
        suite.close();
    }

    @Test
    void two_alerts_after_a_migration_ask_for_its_rollback_once_and_their_end_takes_it_back() throws Exception {
        migrated("alarmed", "al");
        Instant since = Instant.now();
        assertThat(post(alertmanager("alarmed", "firing", since, "PricesWrong", "f1")))
                .isEqualTo(200);
        assertThat(post(alertmanager("alarmed", "firing", since, "PricesWrong", "f1")))
                .isEqualTo(200);
        await().until(() -> waitsFor("alarmed").contains("1 of 2 alerts"));
        assertThat(suite.find(Requested.class, of("alarmed")))
                .as("one alert told twice is one")
                .isEmpty();

        assertThat(post(alertmanager("alarmed", "firing", since, "CheckoutFails", "f2")))
                .isEqualTo(200);
        Requested requested = suite.hears(Requested.class, of("alarmed"));
        assertThat(requested.automatic()).isTrue();
        assertThat(requested.migration()).isEqualTo("migration-al");
        assertThat(requested.signals()).containsExactly("dataWrong", "noneGiven");
        assertThat(requested.reason()).contains("PricesWrong", "CheckoutFails");
        suite.hears(RollbackEvent.Planned.class, event -> event.rollback().equals(requested.rollback()));
        Judged judged = judged("alarmed", Verdict.asked);
        assertThat(judged.alerts()).isEqualTo(2);
        assertThat(judged.rollback()).isEqualTo(requested.rollback());

        assertThat(post(alertmanager("alarmed", "resolved", since, "PricesWrong", "f1")))
                .isEqualTo(200);
        assertThat(post(alertmanager("alarmed", "firing", since, "Another", "f3")))
                .isEqualTo(200);
        Judged third = judged("alarmed", Verdict.recorded);
        assertThat(third.reason()).isEqualTo("rollback " + requested.rollback() + " is there already");
        assertThat(suite.find(
                        RollbackRequestEvent.Cancelled.class,
                        event -> event.rollback().equals(requested.rollback())))
                .as("one fires still")
                .isEmpty();

        assertThat(post(alertmanager("alarmed", "resolved", since, "CheckoutFails", "f2")))
                .isEqualTo(200);
        assertThat(judged("alarmed", Verdict.takenBack).rollback()).isEqualTo(requested.rollback());
        assertThat(suite.hears(Refused.class, event -> event.rollback().equals(requested.rollback()))
                        .reason())
                .contains("its alerts are over");
        assertThat(suite.count(event ->
                        event instanceof Requested each && each.database().equals("alarmed")))
                .isOne();
    }

    @Test
    void an_alert_must_fire_for_a_while_and_one_that_ends_before_asks_for_nothing() throws Exception {
        migrated("soaked", "so");
        Instant since = Instant.now();
        post(alertmanager("soaked", "firing", since, "PricesWrong", "f1"));
        await().until(() -> waitsFor("soaked").contains("firing for less than 5s"));
        post(alertmanager("soaked", "resolved", since, "PricesWrong", "f1"));
        await().until(() -> waitsFor("soaked").contains("none fires any more"));
        assertThat(suite.find(Requested.class, of("soaked"))).isEmpty();

        Instant again = Instant.now();
        post(alertmanager("soaked", "firing", again, "PricesWrong", "f1"));
        Requested requested = suite.hears(Requested.class, of("soaked"));
        assertThat(Duration.between(again, Instant.now())).isGreaterThan(Duration.ofSeconds(5));
        cancel(requested);
    }

    @Test
    void what_fired_before_the_migration_has_another_cause() throws Exception {
        Instant before = Instant.now().minusSeconds(5);
        migrated("soaked", "before");
        post(alertmanager("soaked", "firing", before, "OldTrouble", "old"));
        assertThat(judged("soaked", Verdict.recorded).reason()).contains("firing already before migration");
    }

    @Test
    void in_shadow_mode_it_is_said_what_they_would_have_done() throws Exception {
        migrated("shadowed", "sh");
        post(alertmanager("shadowed", "firing", Instant.now(), "PricesWrong", "f1"));
        Judged judged = judged("shadowed", Verdict.wouldHaveAsked);
        assertThat(judged.migration()).isEqualTo("migration-sh");
        assertThat(judged.reason()).contains("rule ");
        assertThat(suite.find(Requested.class, of("shadowed"))).isEmpty();
    }

    @Test
    void what_was_put_right_where_it_stands_is_not_taken_back_as_well() throws Exception {
        migrated("mended", "me");
        finished("mended-restarted", "PutRight", "null");
        finished("mended-right", "PutRight", "\"me-2\"");
        post(alertmanager("mended", "firing", Instant.now(), "PricesWrong", "f1"));
        assertThat(judged("mended", Verdict.recorded).reason()).isEqualTo("rollback mended-right is there already");
        assertThat(suite.find(Requested.class, of("mended"))).isEmpty();
    }

    private static void finished(String rollback, String state, String snapshot) throws Exception {
        OnServer.execute("ripcord_state", """
                insert into rollback.task (kind, id, database_id, state, finished, document) values ('rollback', '%1$s', 'mended', '%2$s', true,
                    '{"request":{"rollback":"%1$s","database":"mended","reason":"wrong","requestedBy":"ann","automatic":false,"byToken":true},"snapshot":%3$s}')""".formatted(rollback, state, snapshot));
    }

    @Test
    void in_production_alerts_cause_nothing_where_nothing_is_said() throws Exception {
        migrated("guarded", "gu");
        post(alertmanager("guarded", "firing", Instant.now(), "PricesWrong", "f1"));
        assertThat(judged("guarded", Verdict.recorded).reason()).contains("alerts.mode of guarded is off");
        assertThat(suite.find(Requested.class, of("guarded"))).isEmpty();
    }

    @Test
    void grafana_signs_what_it_posts_and_an_old_or_altered_body_is_refused() throws Exception {
        String body =
                alertmanager("nobody", "firing", Instant.now(), "Nothing", "g1").replace("\"4\"", "\"1\"");
        String now = String.valueOf(Instant.now().getEpochSecond());
        String old = String.valueOf(Instant.now().minusSeconds(600).getEpochSecond());
        assertThat(signed(body, now, signature(now, body))).isEqualTo(200);
        assertThat(signed(body, old, signature(old, body))).as("replayed").isEqualTo(401);
        assertThat(signed(body + " ", now, signature(now, body))).as("altered").isEqualTo(401);
        assertThat(signed(body, now, "")).isEqualTo(401);
        assertThat(kept("Nothing").path("reason").asText()).contains("no database's alerts.match");
    }

    @Test
    void what_is_over_stays_over_in_whatever_order_it_is_told() throws Exception {
        Instant since = Instant.now();
        String over = alert("nobody", "resolved", since, "OverAndOver", "o1");
        String stale = alert("nobody", "firing", since, "OverAndOver", "o1");
        assertThat(post(group(over + "," + stale))).isEqualTo(200);
        assertThat(kept("OverAndOver").path("resolvedAt").isNull()).isFalse();
        assertThat(post(group(stale))).isEqualTo(200);
        assertThat(kept("OverAndOver").path("resolvedAt").isNull()).isFalse();
    }

    @Test
    void any_other_form_is_read_by_pointers() throws Exception {
        String body = """
                {"problems":[{"title":"StillWrong","state":"PROBLEM","tags":{"service":"nowhere"}},
                             {"title":"OverAlready","state":"OK","tags":{"service":"nowhere"}}]}""";
        assertThat(send("own", body.getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + Shops.INTAKE_TOKEN)
                        .statusCode())
                .isEqualTo(200);
        assertThat(kept("OverAlready").path("resolvedAt").isNull()).isFalse();
        assertThat(kept("StillWrong").path("resolvedAt").isNull())
                .as("another name is another alert")
                .isTrue();
    }

    @Test
    void what_cannot_be_read_is_refused_with_the_reason() throws Exception {
        assertThat(refusal("{\"version\":\"4\"}")).isEqualTo("400 alerts must be a list");
        assertThat(refusal("{\"version\":\"3\",\"alerts\":[]}")).startsWith("400 version must be");
        assertThat(refusal("{\"version\":\"4\",\"alerts\":[{}]}")).isEqualTo("400 an alert has no status");
        assertThat(refusal("{\"version\":\"4\",\"alerts\":[{\"status\":\"suppressed\"}]}"))
                .isEqualTo("400 status is firing or resolved, not suppressed");
        assertThat(refusal("<html>")).startsWith("400 the body is not JSON");
        assertThat(refusal("")).startsWith("400 ");
        assertThat(send(
                                "alertmanager",
                                new byte[] {'"', (byte) 0xff, '"'},
                                "Authorization",
                                "Bearer " + Shops.INTAKE_TOKEN)
                        .body())
                .contains("not UTF-8");
        String huge = "{\"version\":\"4\",\"alerts\":[],\"x\":\"" + "x".repeat(2_000_000) + "\"}";
        assertThat(send(
                                "alertmanager",
                                huge.getBytes(StandardCharsets.UTF_8),
                                "Authorization",
                                "Bearer " + Shops.INTAKE_TOKEN)
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("alertmanager", "{}".getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + Shops.TOKEN)
                        .statusCode())
                .as("a person's token is not the intake's")
                .isEqualTo(401);
        assertThat(send(
                                "elsewhere",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                "Authorization",
                                "Bearer " + Shops.INTAKE_TOKEN)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_storm_is_written_down_whole_and_one_alert_told_ten_thousand_times_once() throws Exception {
        Instant since = Instant.now();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int post = 0; post < 200; post++) {
            StringBuilder many = new StringBuilder();
            StringBuilder same = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                if (i > 0) many.append(',');
                if (i > 0) same.append(',');
                many.append(alert("stormed", "firing", since, "Distinct", "d" + post + "-" + i));
                same.append(alert("stormed", "firing", since, "Same", "same"));
            }
            answers.add(untilTaken(group(many.toString())));
            answers.add(untilTaken(group(same.toString())));
        }
        for (var answer : answers) assertThat(answer.get().statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> OnServer.count("select count(*) from rollback.alert where name = 'Distinct'") == 10_000);
        assertThat(OnServer.count("select count(*) from rollback.alert where name = 'Same'"))
                .isOne();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> OnServer.count(
                                "select count(*) from rollback.alert where database_id = 'stormed' and verdict is null")
                        == 0);
        assertThat(suite.find(Requested.class, of("stormed"))).isEmpty();
    }

    private void migrated(String database, String snapshot) throws Exception {
        suite.publish(new MigrationEvent.Started(database, "migration-" + snapshot, "pipeline"));
        suite.snapshot(database, snapshot);
        suite.migrated(database, snapshot);
        await().until(() -> OnServer.count("select count(*) from rollback.known_migration where database_id = '"
                        + database + "' and migration = 'migration-" + snapshot + "' and ended_at is not null")
                == 1);
        await().until(() -> OnServer.count("select count(*) from rollback.known_snapshot where id = '" + snapshot
                        + "' and manifest is not null")
                == 1);
    }

    private Judged judged(String database, Verdict verdict) {
        return suite.hears(Judged.class, event -> event.database().equals(database) && event.verdict() == verdict);
    }

    private static java.util.function.Predicate<Requested> of(String database) {
        return event -> event.database().equals(database);
    }

    private void cancel(Requested requested) {
        suite.publish(new RollbackRequestEvent.Cancelled(
                requested.database(), requested.rollback(), "only a test", "tester"));
        suite.hears(Refused.class, event -> event.rollback().equals(requested.rollback()));
    }

    private static String waitsFor(String database) throws Exception {
        return OnServer.kept(
                "select coalesce((select document::text from rollback.task where kind = 'alerts' and database_id = '"
                        + database + "' order by created_at desc limit 1), '')");
    }

    private JsonNode kept(String name) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(service.resolve("alerts?limit=1000"))
                        .header("Authorization", "Bearer " + Shops.TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        for (JsonNode each : KafkaBinding.JSON.readTree(answer.body())) {
            if (each.path("name").asText().equals(name)) return each;
        }
        throw new AssertionError("no alert " + name);
    }

    private String refusal(String body) throws Exception {
        HttpResponse<String> answer = send(
                "alertmanager", body.getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + Shops.INTAKE_TOKEN);
        return answer.statusCode() + " "
                + KafkaBinding.JSON.readTree(answer.body()).path("reason").asText();
    }

    private int post(String body) throws Exception {
        return later(body).get().statusCode();
    }

    private CompletableFuture<HttpResponse<String>> later(String body) {
        return HTTP.sendAsync(
                request(
                        "alertmanager",
                        body.getBytes(StandardCharsets.UTF_8),
                        "Authorization",
                        "Bearer " + Shops.INTAKE_TOKEN),
                HttpResponse.BodyHandlers.ofString());
    }

    /** As a sender does that is told that too much comes: again, a little later. */
    private CompletableFuture<HttpResponse<String>> untilTaken(String body) {
        Executor aLittleLater = CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS);
        return later(body)
                .thenCompose(answer -> answer.statusCode() == 503
                        ? CompletableFuture.supplyAsync(() -> untilTaken(body), aLittleLater)
                                .thenCompose(again -> again)
                        : CompletableFuture.completedFuture(answer));
    }

    private int signed(String body, String timestamp, String signature) throws Exception {
        return send(
                        "grafana",
                        body.getBytes(StandardCharsets.UTF_8),
                        "X-Grafana-Alerting-Signature",
                        signature,
                        "X-Grafana-Alerting-Timestamp",
                        timestamp)
                .statusCode();
    }

    private HttpResponse<String> send(String intake, byte[] body, String... headers) throws Exception {
        return HTTP.send(request(intake, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String intake, byte[] body, String... headers) {
        return HttpRequest.newBuilder(service.resolve("alerts/" + intake))
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .headers(headers)
                // what is refused for its size is refused before it is sent
                .expectContinue(body.length > 1_000_000)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static String signature(String timestamp, String body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Shops.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal((timestamp + ":" + body).getBytes(StandardCharsets.UTF_8)));
    }

    /** As Alertmanager posts it, with a field that nobody knows. */
    private static String alertmanager(String service, String status, Instant since, String name, String fingerprint) {
        return group(alert(service, status, since, name, fingerprint));
    }

    private static String group(String alerts) {
        return """
                {"version":"4","groupKey":"{}:{service}","truncatedAlerts":0,"status":"firing","receiver":"ripcord","groupLabels":{},
                 "commonLabels":{},"commonAnnotations":{},"externalURL":"http://alertmanager.example","notification_reason":"new","alerts":[%s]}""".formatted(alerts);
    }

    private static String alert(String service, String status, Instant since, String name, String fingerprint) {
        return KafkaBinding.JSON
                .valueToTree(Map.of(
                        "status",
                        status,
                        "labels",
                        Map.of("alertname", name, "service", service, "severity", "critical"),
                        "annotations",
                        Map.of("summary", "Something is wrong"),
                        "startsAt",
                        since.toString(),
                        "endsAt",
                        "0001-01-01T00:00:00Z",
                        "generatorURL",
                        "http://prometheus.example/graph",
                        "fingerprint",
                        fingerprint))
                .toString();
    }
}
