package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackEvent.LossCounted;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class AuditTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String LINE =
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z position=\\d+ (heard|said)=[a-z.-]+ database=.* hash=[0-9a-f]{16}";

    @TestHTTPResource("/")
    URI service;

    @Test
    void the_records_of_a_rollback_are_all_there_in_order_and_intact()
            throws SQLException, IOException, InterruptedException {
        String id = "audited-" + UUID.randomUUID();
        List<String> types;
        try (Suite suite = new Suite()) {
            suite.snapshot("busy", "audit");
            post("rollbacks", "{\"database\":\"busy\",\"rollback\":\"" + id + "\",\"reason\":\"prices are wrong\"}");
            suite.hears(LossCounted.class, event -> event.rollback().equals(id));
            types = types(json("audit?limit=1000&rollback=" + id));
            assertThat(types.stream().filter(type -> type.startsWith("said rollback.")))
                    .hasSize((int) suite.count(event -> event instanceof RollbackEvent progress
                                    && progress.rollback().equals(id)
                            || event instanceof RollbackOutcomeEvent outcome
                                    && outcome.rollback().equals(id)
                            || event instanceof RollbackRequestEvent asked
                                    && asked.rollback().equals(id)));
        }
        assertThat(types)
                .startsWith("heard rollback.requested", "said rollback.requested")
                .endsWith("said rollback.loss-counted")
                .containsSubsequence(
                        "said rollback.planned",
                        "said rollback.started",
                        "said rollback.step",
                        "said verification.requested",
                        "heard verification.passed",
                        "said rollback.completed",
                        "heard restore.completed",
                        "said rollback.loss-counted");
        JsonNode first = json("audit?limit=1&rollback=" + id).get(0);
        assertThat(first.path("actor").asText()).isEqualTo("tester");
        assertThat(first.path("source").asText()).isEqualTo("/ripcord/people/rollback");
        assertThat(json("audit/verify").path("verdict").asText()).isEqualTo("intact");
    }

    @Test
    void the_export_has_a_line_for_each_record() throws IOException, InterruptedException {
        String id = refused();
        HttpResponse<String> export = get("audit/export?rollback=" + id, Shops.TOKEN);
        assertThat(export.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
        assertThat(export.body().lines())
                .hasSameSizeAs(json("audit?rollback=" + id))
                .allSatisfy(line -> assertThat(line).matches(LINE).contains(" rollback=" + id + " "));
        assertThat(export.body()).contains("\\u000ahere").endsWith("\n");
        assertThat(get("audit/export", Shops.TOKEN).body().lines())
                .hasSizeGreaterThan(1)
                .allMatch(line -> line.matches(LINE))
                .anyMatch(line -> line.contains(id));
        assertThat(get("audit/export?rollback=none", Shops.TOKEN).body()).isEmpty();
    }

    @Test
    void a_client_that_offers_a_newer_http_is_answered_in_the_one_it_began_with() throws Exception {
        try (HttpClient offering = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = offering.send(
                    HttpRequest.newBuilder(service.resolve("audit/head"))
                            .header("Authorization", "Bearer " + Shops.TOKEN)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(offering.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void records_come_in_pages() throws IOException, InterruptedException {
        refused();
        JsonNode first = json("audit?limit=1").get(0);
        JsonNode second =
                json("audit?limit=1&after=" + first.path("position").asLong()).get(0);
        assertThat(first.path("position").asLong()).isEqualTo(1);
        assertThat(second.path("position").asLong()).isEqualTo(2);
        assertThat(second.path("previous")).isEqualTo(first.path("hash"));
        assertThat(second.path("line").asText()).matches(LINE);
    }

    @Test
    void a_head_can_be_kept_and_the_trail_be_held_against_it() throws IOException, InterruptedException {
        JsonNode head = json("audit/head");
        String hash = head.path("hash").asText();
        long position = head.path("position").asLong();
        refused();
        JsonNode verdict = json("audit/verify?position=" + position + "&hash=" + hash);
        assertThat(verdict.path("verdict").asText()).isEqualTo("intact");
        assertThat(verdict.path("count").asLong())
                .isEqualTo(verdict.path("head").path("position").asLong())
                .isGreaterThan(position);
        assertThat(json("audit/verify?position=" + position + "&hash=" + "0".repeat(63) + "1")
                        .path("verdict")
                        .asText())
                .isEqualTo("broken");
        JsonNode cut = json("audit/verify?position=999999999&hash=" + hash);
        assertThat(cut.path("expected").asText()).isEqualTo("records up to 999999999");
    }

    @Test
    void its_length_is_a_metric() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("q/metrics", null)
                        .body()
                        .lines()
                        .anyMatch(line -> line.startsWith("ripcord_audit_position")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit",
                "audit/head",
                "audit/verify",
                "audit/export",
                "audit/export?rollback=none",
                "audit?limit=1"
            })
    void nobody_reads_it_without_a_known_token(String path) throws IOException, InterruptedException {
        assertThat(get(path, null).statusCode()).isEqualTo(401);
        assertThat(get(path, "another-token").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit?limit=0",
                "audit?limit=1001",
                "audit/verify?position=1",
                "audit/verify?hash=00",
                "audit/verify?position=1&hash=00",
                "audit/verify?position=-1&hash=0000000000000000000000000000000000000000000000000000000000000000"
            })
    void a_question_that_cannot_be_answered_is_refused(String path) throws IOException, InterruptedException {
        assertThat(get(path, Shops.TOKEN).statusCode()).isEqualTo(400);
    }

    /** A rollback that is cancelled at once, asked for with a line break in its reason. */
    private String refused() throws IOException, InterruptedException {
        String id = "refused-" + UUID.randomUUID();
        post(
                "rollbacks",
                "{\"database\":\"" + Shops.PRODUCTION + "\",\"rollback\":\"" + id + "\",\"reason\":\"broken\\nhere\"}");
        post("rollbacks/" + id + "/cancel", "{\"reason\":\"only a test\"}");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> types(json("audit?rollback=" + id)).contains("said rollback.refused"));
        return id;
    }

    private static List<String> types(JsonNode records) {
        return StreamSupport.stream(records.spliterator(), false)
                .map(record -> record.path("direction").asText() + " "
                        + record.path("type").asText())
                .toList();
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path, Shops.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return KafkaBinding.JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path, @Nullable String token) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofSeconds(20));
        if (token != null) request.header("Authorization", "Bearer " + token);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + Shops.TOKEN)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(202);
    }
}
