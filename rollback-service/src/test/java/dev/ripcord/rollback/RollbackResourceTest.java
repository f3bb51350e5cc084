package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(Shops.class)
class RollbackResourceTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TestHTTPResource("/")
    URI service;

    @Test
    void nobody_gets_in_without_a_known_token() throws IOException, InterruptedException {
        assertThat(send("GET", "rollbacks", "", null).statusCode()).isEqualTo(401);
        assertThat(send("GET", "rollbacks", "", "another-token").statusCode()).isEqualTo(401);
        assertThat(send("POST", "rollbacks", "{\"database\":\"plain\",\"reason\":\"x\"}", null)
                        .statusCode())
                .isEqualTo(401);
        assertThat(send("GET", "q/health/ready", "", null).statusCode()).isEqualTo(200);
    }

    @Test
    void a_request_is_recorded_before_it_is_answered_and_can_be_followed() throws IOException, InterruptedException {
        HttpResponse<String> asked = send(
                "POST",
                "rollbacks",
                "{\"database\":\"counted\",\"rollback\":\"h-1\",\"reason\":\"prices are wrong\"}",
                Shops.TOKEN);
        assertThat(asked.statusCode()).isEqualTo(202);
        assertThat(send("GET", "rollbacks/h-1", "", Shops.TOKEN).body()).contains("\"requestedBy\":\"tester\"");
        await().until(() ->
                send("GET", "rollbacks/h-1", "", Shops.TOKEN).body().contains("\"waitsFor\":\"no snapshot is known\""));
        assertThat(send(
                                "POST",
                                "rollbacks",
                                "{\"database\":\"counted\",\"rollback\":\"h-1\",\"reason\":\"again\"}",
                                Shops.TOKEN)
                        .statusCode())
                .isEqualTo(202);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        send("GET", "rollbacks/h-1", "", Shops.TOKEN).body().contains("\"state\":\"Refused\""));
        HttpResponse<String> tooLate = send("POST", "rollbacks/h-1/cancel", "{\"reason\":\"no\"}", Shops.TOKEN);
        assertThat(tooLate.statusCode()).isEqualTo(409);
    }

    @Test
    void what_people_ask_for_over_http_is_told_to_everybody() throws Exception {
        try (Suite suite = new Suite()) {
            send("POST", "rollbacks", "{\"database\":\"counted\",\"rollback\":\"h-3\",\"reason\":\"x\"}", Shops.TOKEN);
            RollbackRequestEvent.Requested told = suite.hears(
                    RollbackRequestEvent.Requested.class,
                    event -> event.rollback().equals("h-3"));
            assertThat(told.requestedBy()).isEqualTo("tester");
            suite.hears(
                    RollbackOutcomeEvent.Refused.class,
                    event -> event.rollback().equals("h-3"));
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> send("GET", "audit/export?rollback=h-3", "", Shops.TOKEN)
                                    .body()
                                    .lines()
                                    .filter(line -> line.contains("rollback.requested"))
                                    .count(),
                            records -> records == 3);
            assertThat(suite.count(event -> event instanceof RollbackOutcomeEvent outcome
                            && outcome.rollback().equals("h-3")))
                    .as("it was heard over HTTP, said, and heard again, which changes nothing")
                    .isOne();
        }
    }

    @Test
    void an_undo_that_was_refused_can_be_asked_for_again() throws IOException, InterruptedException {
        send("POST", "rollbacks", "{\"database\":\"counted\",\"rollback\":\"h-2\",\"reason\":\"x\"}", Shops.TOKEN);
        awaitRefused("h-2");

        assertThat(send("POST", "rollbacks/h-2/undo", "{\"reason\":\"x\"}", Shops.TOKEN)
                        .body())
                .contains("\"undo-h-2\"");
        awaitRefused("undo-h-2");
        assertThat(send("POST", "rollbacks/h-2/undo", "{\"reason\":\"x\"}", Shops.TOKEN)
                        .body())
                .contains("\"undo-h-2-2\"");
        awaitRefused("undo-h-2-2");
    }

    private void awaitRefused(String rollback) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> send("GET", "rollbacks/" + rollback, "", Shops.TOKEN)
                        .body()
                        .contains("\"state\":\"Refused\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"database\":\"plain\"}",
                "{\"reason\":\"x\"}",
                "",
                "{\"database\":\"plain\",\"reason\":\"x\",\"rollback\":\" \"}",
                "{\"database\":\"plain\",\"reason\":\"x\",\"signals\":[null]}"
            })
    void half_a_request_is_answered_with_what_is_missing(String body) throws IOException, InterruptedException {
        assertThat(send("POST", "rollbacks", body, Shops.TOKEN).statusCode()).isEqualTo(400);
    }

    @Test
    void what_is_not_there_is_not_found() throws IOException, InterruptedException {
        assertThat(send("POST", "rollbacks", "{\"database\":\"x'; drop table task; --\",\"reason\":\"x\"}", Shops.TOKEN)
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "rollbacks/none", "", Shops.TOKEN).statusCode()).isEqualTo(404);
        assertThat(send("POST", "rollbacks/none/undo", "{\"reason\":\"x\"}", Shops.TOKEN)
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "rollbacks/none/approve", "{}", Shops.TOKEN).statusCode())
                .isEqualTo(404);
    }

    private HttpResponse<String> send(
            String method, String path, String body, @org.jspecify.annotations.Nullable String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (token != null) request.header("Authorization", "Bearer " + token);
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
