package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reminders, which come here two days after a rollback has ended. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class PostMortemTest {

    @Inject
    StateDatabase state;

    private final String rollback = UUID.randomUUID().toString();
    private Receiver receiver;
    private Subscriber suite;

    @BeforeEach
    void connect() throws IOException {
        receiver = new Receiver();
        suite = new Subscriber();
        Path folder = ConfigProvider.getConfig().getValue("test.folder", Path.class);
        Files.writeString(folder.resolve("hook"), receiver.address() + "/hook");
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
        receiver.close();
    }

    @Test
    void people_are_reminded_once_of_what_nobody_said_to_be_done() {
        // it comes by another topic than outcomes, and may be read after them
        send(Duration.ofDays(2), new RollbackEvent.PostMortemDone("shop", rollback + "-done", "ann"));
        await().until(() -> !state.query(
                        "select 1 from incident where rollback = $1 and post_mortem_done", rollback + "-done")
                .isEmpty());
        send(Duration.ofHours(47), completed(rollback + "-fresh"));
        send(Duration.ofDays(3), completed(rollback + "-done"));
        send(Duration.ofDays(3), new RollbackOutcomeEvent.Refused("shop", rollback + "-refused", "no", "none"));
        send(Duration.ofDays(30), completed(rollback + "-history"));
        send(Duration.ofDays(3), completed(rollback + "-due"));
        // longer than from one look to the next
        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(36))
                .until(() -> reminders().size() == 1);
        assertThat(reminders())
                .singleElement()
                .satisfies(body ->
                        assertThat(body).contains(rollback + "-due", "ripcord rollback report " + rollback + "-due"));
    }

    private List<String> reminders() {
        return receiver.requests("/hook").stream()
                .map(Receiver.Request::body)
                .filter(body -> body.contains(rollback) && body.contains("rollback.post-mortem-due"))
                .toList();
    }

    private void send(Duration ago, RipcordEvent event) {
        suite.send(new Envelope<>(
                UUID.randomUUID().toString(), "/test", Instant.now().minus(ago), null, event));
    }

    private static RollbackOutcomeEvent completed(String id) {
        return new RollbackOutcomeEvent.Completed(
                "shop", id, "s1", "shop__failed_1", 41.5, 1234, List.of(), List.of(), "undo", null);
    }
}
