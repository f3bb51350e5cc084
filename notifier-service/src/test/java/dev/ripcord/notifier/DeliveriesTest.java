package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.RollbackEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was not delivered is seen, and sent again. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class DeliveriesTest {

    @Inject
    MeterRegistry metrics;

    private final String rollback = UUID.randomUUID().toString();
    private final ShownPage page = new ShownPage();
    private final Path folder = ConfigProvider.getConfig().getValue("test.folder", Path.class);
    private Receiver receiver;
    private Subscriber suite;

    @BeforeEach
    void connect() throws IOException {
        receiver = new Receiver();
        suite = new Subscriber();
        for (String channel : List.of("lost", "held")) {
            Files.writeString(folder.resolve(channel), receiver.address() + "/" + channel);
        }
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
        receiver.close();
    }

    @Test
    void what_was_given_up_is_seen_and_can_be_sent_again() {
        receiver.answering("/lost", (exchange, n) -> Receiver.answer(exchange, 410, "text/plain", "no_team"));
        suite.send(new RollbackEvent.Started("till", rollback, "hash", "anna"));
        soon().untilAsserted(() -> {
            JsonNode entry = entry("lost");
            assertThat(entry.path("state").asText()).isEqualTo("given-up");
            assertThat(entry.path("problem").asText()).isEqualTo("answered 410: no_team");
            assertThat(entry.path("attempts").asInt()).isEqualTo(1);
            assertThat(entry.path("about").asText()).isEqualTo("rollback.started");
            assertThat(entry.path("next").isNull()).isTrue();
        });
        soon().untilAsserted(
                        () -> assertThat(entry("held").path("state").asText()).isEqualTo("delivered"));

        String id = entry("lost").path("id").asText();
        receiver.answering("/lost", (exchange, n) -> Receiver.answer(exchange, 200, "text/plain", "ok"));
        assertThat(page.send("POST", "/deliveries/" + id + "/again", "administrator")
                        .statusCode())
                .isEqualTo(202);
        soon().untilAsserted(
                        () -> assertThat(entry("lost").path("state").asText()).isEqualTo("delivered"));
        assertThat(receiver.requests("/lost").stream()
                        .filter(request -> request.body().contains(rollback))
                        .map(request -> request.header("webhook-id")))
                .as("the same message, so that a receiver knows it")
                .hasSize(2)
                .containsOnly(id);
        assertThat(page.send("POST", "/deliveries/" + id + "/again", "administrator")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void the_log_names_what_a_channel_did_not_take_at_the_first_failure_and_when_it_is_given_up() {
        double before = givenUp();
        try (Said said = new Said("dev.ripcord.notifier.intake.Wiring")) {
            receiver.answering(
                    "/lost",
                    (exchange, n) ->
                            Receiver.answer(exchange, n < 3 ? 503 : 410, "text/plain", n < 3 ? "busy" : "gone"));
            suite.send(new RollbackEvent.Started("till", rollback, "hash", "anna"));
            soon().untilAsserted(() ->
                    assertThat(entry("lost").path("state").asText()).isEqualTo("given-up"));
            String again = "POST /deliveries/" + entry("lost").path("id").asText() + "/again";
            assertThat(said.lines().stream().filter(line -> line.contains("Channel lost")))
                    .containsExactly(
                            "WARN Channel lost did not take rollback.started of till, which is tried again: answered 503: busy",
                            "ERROR Channel lost was NOT told rollback.started of till: answered 410: gone. When that is mended,"
                                    + " an administrator sends it again with " + again);
        }
        assertThat(givenUp()).isEqualTo(before + 1);
    }

    private double givenUp() {
        return metrics.find("ripcord.notification.given-up").tag("channel", "lost").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void what_waits_says_why_and_when_it_is_tried_next() {
        receiver.answering("/held", (exchange, n) -> Receiver.answer(exchange, 503, "text/plain", "busy"));
        suite.send(new RollbackEvent.Started("till", rollback, "hash", "anna"));
        soon().untilAsserted(() -> {
            JsonNode entry = entry("held");
            assertThat(entry.path("state").asText()).isEqualTo("pending");
            assertThat(entry.path("problem").asText()).isEqualTo("answered 503: busy");
            assertThat(entry.path("next").asText()).isNotEmpty();
        });
        String id = entry("held").path("id").asText();
        assertThat(page.send("POST", "/deliveries/" + id + "/again", "administrator")
                        .statusCode())
                .as("it is under way")
                .isEqualTo(409);
    }

    @ParameterizedTest(name = "{0} {1} with the token {2} is answered {3}")
    @CsvSource({
        "GET,  /deliveries,                '',            401",
        "GET,  /deliveries,                viewer,        200",
        "GET,  /deliveries?state=given-up, viewer,        200",
        "GET,  /deliveries?state=lost,     viewer,        400",
        "POST, /deliveries/none/again,     '',            401",
        "POST, /deliveries/none/again,     approver,      403",
        "POST, /deliveries/none/again,     administrator, 404",
    })
    void who_may_see_and_who_may_send_again(String method, String path, String token, int status) {
        assertThat(page.send(method, path, token).statusCode()).isEqualTo(status);
    }

    private JsonNode entry(String channel) {
        String path = "/deliveries?rollback=" + rollback + "&channel=" + channel;
        return ShownPage.json(page.send("GET", path, "viewer").body()).path(0);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
