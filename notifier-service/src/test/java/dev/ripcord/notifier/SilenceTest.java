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

/** Rollbacks of which nothing was heard for long. */
@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class SilenceTest {

    private final Instant then = Instant.now().minusSeconds(600);
    private final String silent = "silent-" + UUID.randomUUID();
    private final String verified = "verified-" + UUID.randomUUID();
    private final String told = "told-" + UUID.randomUUID();
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

    @Test
    void one_that_falls_silent_after_its_swap_is_an_alarm_too_once_and_says_that_nothing_is_closed_by_it() {
        Instant early = Instant.now().minusSeconds(1200);
        String begun = verified;
        send(early, new RollbackEvent.Started("shop", silent, "hash", "anna"));
        send(early.plusSeconds(1), new VerificationEvent.Requested("shop", "v2", silent, "s1", false));
        // as long ago, but what follows there may last longer, and what was told to be overdue is known to people
        send(early, new RollbackEvent.Started("shop", begun, "hash", "anna"));
        send(early, new RollbackEvent.Started("shop", told, "hash", "anna"));
        send(
                early.plusSeconds(1),
                new RollbackEvent.Overdue("shop", told, "Opened", early, 900, false, "look at it: " + told));
        await().during(Duration.ofSeconds(5))
                .atMost(Duration.ofSeconds(35))
                .until(() -> overdue().size() == 1);
        assertThat(overdue().getFirst())
                .contains(silent, "not heard of since the step verifying", "in maintenance", "\"closed\":false")
                .contains("ripcord rollback status " + silent)
                .doesNotContain("reopen");
    }

    @Test
    void one_that_began_and_was_never_heard_of_again_is_an_alarm_after_the_longest_that_may_pass() {
        send(Instant.now().minusSeconds(3700), new RollbackEvent.Started("shop", silent, "hash", "anna"));
        await().atMost(Duration.ofSeconds(35)).until(() -> overdue().size() == 1);
        assertThat(overdue().getFirst()).contains(silent, "not heard of since its start");
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
