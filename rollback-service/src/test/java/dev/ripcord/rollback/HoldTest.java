package dev.ripcord.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delivery is paused before the fence of a rollback and resumed after its outcome. */
@QuarkusTest
@QuarkusTestResource(Shops.class)
class HoldTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

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
    void the_automated_sync_of_argo_cd_is_off_around_the_swap_and_then_on_again_as_it_was() throws Exception {
        JsonNode before = application("held");
        suite.snapshot("held", "he");

        ask("held", "r-held");

        suite.hears(Completed.class, event -> event.rollback().equals("r-held"));
        assertThat(step("r-held", "delivery-paused").detail()).isEqualTo("the automated sync of held is off");
        assertThat(step("r-held", "delivery-resumed").detail())
                .isEqualTo("the automated sync of held is on again as it was");
        assertThat(application("held")).isEqualTo(before);
        assertThat(suite.order(
                        event -> event instanceof Step step
                                && step.rollback().equals("r-held")
                                && step.step().equals("delivery-paused"),
                        event -> event instanceof Step step
                                && step.rollback().equals("r-held")
                                && step.step().equals("fenced")))
                .isTrue();
    }

    @Test
    void where_it_is_required_a_pause_that_fails_refuses_the_rollback_before_the_fence() throws Exception {
        JsonNode before = application("insisting");
        refuse("off/insisting", 1);
        suite.snapshot("insisting", "in");

        ask("insisting", "r-insisting");

        Refused refused = suite.hears(Refused.class, event -> event.rollback().equals("r-insisting"));
        assertThat(refused.reason()).contains("delivery cannot be paused").contains("permission denied");
        assertThat(refused.next()).contains("delivery.hold.required");
        assertThat(OnServer.text("postgres", "select datallowconn::text from pg_database where datname = 'insisting'"))
                .isEqualTo("true");
        step("r-insisting", "delivery-resumed");
        assertThat(application("insisting")).isEqualTo(before);
    }

    @Test
    void where_it_is_not_required_the_rollback_goes_on_and_says_so() throws SQLException {
        suite.snapshot("unheld", "un");

        ask("unheld", "r-unheld");

        suite.hears(Completed.class, event -> event.rollback().equals("r-unheld"));
        assertThat(step("r-unheld", "delivery-paused").detail()).startsWith("FAILED:");
    }

    @Test
    void a_resume_that_fails_is_told_with_what_to_do_by_hand_and_tried_until_it_works() throws Exception {
        JsonNode before = application("stubborn");
        suite.snapshot("stubborn", "sb");
        refuse("on/stubborn", 4);
        ask("stubborn", "r-stubborn");

        RollbackEvent.DeliveryHeld held = suite.hears(
                RollbackEvent.DeliveryHeld.class, event -> event.rollback().equals("r-stubborn"));

        assertThat(held.reason()).contains("403").contains("permission denied");
        assertThat(held.next()).isEqualTo("argocd app set stubborn --sync-policy automated --auto-prune --self-heal");
        step("r-stubborn", "delivery-resumed");
        assertThat(application("stubborn")).isEqualTo(before);
        assertThat(suite.count(event -> event instanceof RollbackEvent.DeliveryHeld again
                        && again.rollback().equals("r-stubborn")))
                .isOne();
    }

    @Test
    void what_a_killed_service_left_paused_is_resumed_by_the_next_that_runs() throws Exception {
        // on disk as it is between the two: the rollback is over, its owner is gone
        OnServer.execute(
                "ripcord_state",
                "set search_path to rollback",
                "insert into task (kind, id, database_id, state, document, owner, lease_until) values ('hold', 'r-killed', 'orphan', 'Held',"
                        + " '{\"was\": \"{\\\"automated\\\":{\\\"prune\\\":true}}\"}', 'a service that was killed', now() + interval '2 s')");
        patch("orphan", "{\\\"spec\\\":{\\\"syncPolicy\\\":{\\\"automated\\\":null}}}");
        assertThat(application("orphan").at("/spec/syncPolicy/automated").isMissingNode())
                .isTrue();

        await().atMost(Duration.ofSeconds(40))
                .until(() -> application("orphan")
                        .at("/spec/syncPolicy/automated/prune")
                        .asBoolean());
        assertThat(application("orphan")
                        .at("/spec/syncPolicy/automated/selfHeal")
                        .isMissingNode())
                .isTrue();
    }

    private void ask(String database, String rollback) {
        suite.publish(new Requested(database, rollback, null, null, null, "prices are wrong", "test"));
    }

    private Step step(String rollback, String name) {
        return suite.hears(
                Step.class,
                event -> event.rollback().equals(rollback) && event.step().equals(name));
    }

    private static JsonNode application(String name) throws Exception {
        return call("GET", "/api/v1/applications/" + name, "");
    }

    private static void refuse(String name, int times) throws Exception {
        call("POST", "/refuse/" + name + "/" + times, "");
    }

    private static void patch(String name, String patch) throws Exception {
        call(
                "PATCH",
                "/api/v1/applications/" + name,
                "{\"name\": \"" + name + "\", \"patchType\": \"merge\", \"patch\": \"" + patch + "\"}");
    }

    private static JsonNode call(String method, String path, String body) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(Shops.ARGO.get(0) + path))
                        .header("Authorization", "Bearer " + ArgoServer.TOKEN)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return KafkaBinding.JSON.readTree(answer.body());
    }
}
