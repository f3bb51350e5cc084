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
import dev.ripcord.events.VerificationEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The status page as feed readers see it. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class FeedTest {

    private final String rollback = UUID.randomUUID().toString();
    private final ShownPage page = new ShownPage();
    private final Subscriber suite = new Subscriber();

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
    }

    @Test
    void the_page_is_a_feed_too() {
        suite.send(new RollbackRequestEvent.Requested(
                "shop", rollback, "v1", null, null, "prices <wrong> \u0001", "anna"));
        suite.send(new RollbackEvent.Planned("shop", rollback, plan()));
        soon().untilAsserted(() -> assertThat(item().path("title").asText()).isEqualTo("shop: waiting for approval"));
        JsonNode feed = ShownPage.json(page.send("GET", "/feed.json", "").body());
        assertThat(feed.path("version").asText()).isEqualTo("https://jsonfeed.org/version/1.1");
        assertThat(feed.path("feed_url").asText()).startsWith("http").endsWith("/feed.json");
        assertThat(item().path("content_text").asText()).contains("Reason: prices <wrong>");
        assertThat(item().path("tags").get(0).asText()).isEqualTo("shop");
        String modified = item().path("date_modified").asText();

        var atom = page.send("GET", "/feed.atom", "");
        assertThat(atom.headers().firstValue("Content-Type")).hasValue("application/atom+xml;charset=utf-8");
        AtomReader read = AtomReader.of(atom.body());
        assertThat(read.entries()).allSatisfy(AtomReader.Entry::assertWhole);
        assertThat(read.entry("urn:ripcord:rollback:" + rollback).updated()).isEqualTo(modified);

        suite.send(new RollbackOutcomeEvent.Undone("shop", rollback, "r0", "kept", 20, 500));
        soon().untilAsserted(() -> {
            assertThat(item().path("title").asText()).isEqualTo("Undo · shop: undone");
            assertThat(item().path("date_modified").asText()).isGreaterThan(modified);
        });
    }

    @Test
    void what_is_said_of_a_rollback_after_its_end_is_news() {
        Instant ended = Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.MILLIS);
        send(
                ended,
                new RollbackOutcomeEvent.Completed(
                        "shop", rollback, "s1", "kept", 20, 500, List.of(), List.of(), "undo", null));
        soon().untilAsserted(() -> assertThat(modified()).isEqualTo(ended));
        Instant verified = ended.plusSeconds(10);
        send(verified, new VerificationEvent.Failed("shop", "v1", rollback, List.of()));
        soon().untilAsserted(() -> assertThat(modified()).isEqualTo(verified));
        Instant undone = ended.plusSeconds(20);
        send(undone, new RollbackOutcomeEvent.Undone("shop", "undo-" + rollback, rollback, "kept", 20, 500));
        soon().untilAsserted(() -> assertThat(modified()).isEqualTo(undone));
        assertThat(item().path("title").asText()).isEqualTo("shop: completed, undone since");
    }

    private Instant modified() {
        return Instant.parse(item().path("date_modified").asText("1970-01-01T00:00:00Z"));
    }

    private void send(Instant time, RipcordEvent event) {
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", time, null, event));
    }

    private static Plan plan() {
        return new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "W", "hash");
    }

    private JsonNode item() {
        for (JsonNode item :
                ShownPage.json(page.send("GET", "/feed.json", "").body()).path("items")) {
            if (item.path("id").asText().endsWith(":" + rollback)) return item;
        }
        return MissingNode.getInstance();
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(20));
    }
}
