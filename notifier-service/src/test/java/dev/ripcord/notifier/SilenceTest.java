package dev.ripcord.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.VerificationEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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

/** Rollbacks that were about to close their database ten minutes ago. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class SilenceTest {

    private final Instant then = Instant.now().minusSeconds(600);
    private final String silent = "silent-" + UUID.randomUUID();
    private final String verified = "verified-" + UUID.randomUUID();
    private final ShownPage page = new ShownPage();
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
    void one_that_was_not_heard_of_again_is_an_alarm_and_one_that_is_verified_is_none() {
        send(then.plusSeconds(1), new VerificationEvent.Requested("shop", "v1", verified, "s1", false));
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        page.incident("open", verified).path("step").asText().equals("verifying"));
        send(then, closing(verified));
        send(then, closing(silent));
        // longer than from one look to the next
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(35))
                .until(() -> overdue().size() == 1);
        assertThat(overdue().getFirst()).contains(silent, "ripcord rollback reopen " + silent);
    }

    private static RipcordEvent closing(String rollback) {
        return new RollbackEvent.Step("shop", rollback, "maintenance-on", 0, "none");
    }

    /** What the hook was told of these two. */
    private List<String> overdue() {
        return receiver.requests("/hook").stream()
                .map(Receiver.Request::body)
                .filter(body -> body.contains("rollback.overdue"))
                .filter(body -> body.contains(silent) || body.contains(verified))
                .toList();
    }

    private void send(Instant time, RipcordEvent event) {
        suite.send(new Envelope<>(UUID.randomUUID().toString(), "/test", time, null, event));
    }
}
