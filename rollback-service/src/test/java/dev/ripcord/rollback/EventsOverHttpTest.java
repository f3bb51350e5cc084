package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CloudEvents from whoever has no Kafka client. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class EventsOverHttpTest {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/events")
    URI events;

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
    void what_a_cd_system_tells_is_passed_on_to_kafka_once_in_either_mode() throws Exception {
        String id = UUID.randomUUID().toString();
        String data = "{\"database\":\"busy\",\"deployment\":\"" + id + "\",\"release\":\"1.2\"}";
        String[] binary = {
            "ce-specversion", "1.0", "ce-id", id, "ce-source", "/cd%2520system", "ce-type", "deployment.completed"
        };
        assertThat(post("application/json", data, binary)).isEqualTo("202 false");
        assertThat(post("application/json", data, binary)).as("told twice").isEqualTo("202 true");
        suite.hears(DeploymentEvent.Completed.class, event -> event.deployment().equals(id));

        String migration = "http-" + id;
        assertThat(post(
                        "application/cloudevents+json; charset=utf-8",
                        "{\"specversion\":\"1.0\",\"id\":\"" + migration
                                + "\",\"source\":\"/ci\",\"type\":\"migration.failed\",\"data\":"
                                + "{\"database\":\"busy\",\"migration\":\"" + migration + "\",\"reason\":\"no\"}}"))
                .isEqualTo("202 false");
        suite.hears(MigrationEvent.Failed.class, event -> event.migration().equals(migration));
        assertThat(suite.count(event -> event instanceof DeploymentEvent.Completed each
                        && each.deployment().equals(id)))
                .isOne();
    }

    @Test
    void a_rollback_is_asked_for_in_the_name_of_the_tokens_owner() throws Exception {
        String data =
                "{\"database\":\"busy\",\"rollback\":\"over-http\",\"snapshot\":\"none\",\"reason\":\"broken\",\"requestedBy\":\"somebody else\"}";
        assertThat(post(
                        "application/json",
                        data,
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "1",
                        "ce-source",
                        "/x",
                        "ce-type",
                        "rollback.requested"))
                .startsWith("202");
        suite.hears(Refused.class, event -> event.rollback().equals("over-http"));
        assertThat(OnServer.kept(
                        "select document -> 'request' ->> 'requestedBy' from rollback.task where id = 'over-http'"))
                .isEqualTo("tester");
    }

    @Test
    void another_event_under_the_id_of_one_that_was_told_is_refused_and_not_taken_for_it() throws Exception {
        String[] headers = {
            "ce-specversion", "1.0", "ce-id", "one-id", "ce-source", "/x", "ce-type", "rollback.requested"
        };
        String first =
                "{\"database\":\"busy\",\"rollback\":\"first-of-one-id\",\"snapshot\":\"none\",\"reason\":\"x\",\"requestedBy\":\"me\"}";
        assertThat(post("application/json", first, headers)).startsWith("202");
        assertThat(post("application/json", first, headers)).startsWith("202");
        assertThat(post("application/json", first.replace("first-of", "second-of"), headers))
                .startsWith("400 another event of ")
                .contains("/x one-id");
        headers[3] = "another-id";
        suite.hears(Refused.class, event -> event.rollback().equals("first-of-one-id"));
        assertThat(post("application/json", first.replace("busy", "hostile"), headers))
                .isEqualTo("409 rollback first-of-one-id is of another database");
    }

    @Test
    void what_is_no_event_or_not_told_this_way_is_refused_with_the_reason() throws Exception {
        String data = "{\"database\":\"busy\",\"rollback\":\"r\",\"planHash\":\"h\",\"approver\":\"me\"}";
        assertThat(post(
                        "application/json",
                        data,
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "2",
                        "ce-source",
                        "/x",
                        "ce-type",
                        "rollback.approved"))
                .isEqualTo("422 rollback.approved is not told this way");
        assertThat(post("application/json", data)).isEqualTo("400 not a CloudEvent: there is no type");
        assertThat(post("application/cloudevents+json", "{\"type\":\"migration.failed\"}"))
                .startsWith("400 not a CloudEvent");
        assertThat(post("application/cloudevents+json", "half of one {")).startsWith("400 not a CloudEvent");
        assertThat(post("application/cloudevents-batch+json", "[]")).startsWith("400 one event at a time");
        assertThat(post(
                        "application/json",
                        "{}",
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "3",
                        "ce-source",
                        "/x",
                        "ce-type",
                        "no.such"))
                .isEqualTo("400 unknown event type no.such");
        assertThat(post(
                        "application/json",
                        "{\"database\":\"nowhere\",\"migration\":\"m\"}",
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "4",
                        "ce-source",
                        "/x",
                        "ce-type",
                        "migration.completed"))
                .isEqualTo("404 database nowhere is not enrolled");
        assertThat(post(
                        "application/json",
                        "{\"database\":\"busy\",\"migration\":\"a\\u0000b\"}",
                        "ce-specversion",
                        "1.0",
                        "ce-id",
                        "5",
                        "ce-source",
                        "/x",
                        "ce-type",
                        "migration.completed"))
                .startsWith("400");
    }

    /** The status, and whether it is a duplicate, or the reason why not. */
    private String post(String contentType, String body, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", contentType, "Authorization", "Bearer " + Shops.TOKEN));
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(events)
                        .headers(all.toArray(String[]::new))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        var json = dev.ripcord.events.KafkaBinding.JSON.readTree(answer.body());
        return (answer.statusCode() + " "
                        + json.path("duplicate").asText(json.path("reason").asText()))
                .strip();
    }
}
