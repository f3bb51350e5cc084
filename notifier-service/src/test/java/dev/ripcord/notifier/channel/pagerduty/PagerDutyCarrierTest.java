package dev.ripcord.notifier.channel.pagerduty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.notifier.channel.ChannelContract;
import dev.ripcord.notifier.channel.Letters;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagerDutyCarrierTest extends ChannelContract<Channel.PagerDuty> {

    private static final RipcordEvent FAILED =
            new RollbackOutcomeEvent.Failed("shop", "r1", "unchanged", "no room left", "ripcord rollback shop");
    private static final RipcordEvent OVERDUE =
            new RollbackEvent.Overdue("shop", "r1", "Swapping", Instant.EPOCH, 30, true, "ripcord rollback reopen r1");

    private static final RipcordEvent PLANNED = new RollbackEvent.Planned(
            "shop", "r1", new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b"));
    private static final RipcordEvent UNANSWERED = new RollbackEvent.Unanswered(
            "shop", "r1", Instant.EPOCH, 900, "approval: 0 of 2", "ripcord rollback show r1");
    private static final RipcordEvent STARTED = new RollbackEvent.Started("shop", "r1", "hash", "bob");

    private final Letters letters = new Letters();
    private PagerDutyServer server;

    @BeforeEach
    void openServer() throws IOException {
        server = new PagerDutyServer();
        Files.writeString(folder.resolve("routing"), PagerDutyServer.KEY);
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Override
    protected Carrier<Channel.PagerDuty> carrier(Post post) {
        return new PagerDutyCarrier(post);
    }

    @Override
    protected Channel.PagerDuty channel() {
        return new Channel.PagerDuty("c", secret("key"), URI.create(receiver.address()));
    }

    @Override
    protected String path() {
        return "/v2/enqueue";
    }

    @Override
    protected String fine() {
        return "{\"status\":\"success\"}";
    }

    @Test
    void an_alarm_pages_once_per_rollback_and_a_good_end_resolves_it() {
        assertThat(tell(OVERDUE)).isEqualTo(new Outcome.Accepted());
        tell(OVERDUE);
        assertThat(server.paged())
                .containsExactly("Rollback of shop does not get on: Swapping; the database may be CLOSED meanwhile");
        assertThat(server.open()).containsEntry("r1", "triggered");
        tell(STARTED);
        assertThat(server.open()).as("somebody is at work").isEmpty();
        tell(new RollbackOutcomeEvent.Undone("shop", "r1", "r0", "kept", 20, 500));
        assertThat(server.open()).isEmpty();
        assertThat(server.paged()).hasSize(1);
    }

    @Test
    void that_nobody_answers_pages_again_and_ends_when_somebody_has() {
        tell(PLANNED);
        tell(UNANSWERED);
        tell(UNANSWERED);
        assertThat(server.open()).containsOnlyKeys("r1", "r1/unanswered");
        assertThat(server.paged())
                .containsExactly(
                        "Rollback of shop waits for approval",
                        "NOBODY ANSWERS: the rollback of shop waits for people since 15 min 0 s");
        assertThat(server.severities()).containsExactly("error", "critical", "critical");
        tell(STARTED);
        assertThat(server.open()).isEmpty();
        tell(new RollbackOutcomeEvent.Refused("shop", "r1", "nothing to go back to", "look"));
        assertThat(server.open()).isEmpty();
        assertThat(server.paged()).hasSize(2);
    }

    @Test
    void what_goes_wrong_after_the_start_pages_again() {
        tell(PLANNED);
        tell(STARTED);
        tell(OVERDUE);
        assertThat(server.open()).containsExactly(Map.entry("r1", "triggered"));
        tell(FAILED);
        assertThat(server.paged()).hasSize(2);
        assertThat(server.open()).containsOnlyKeys("r1");
        tell(new RollbackOutcomeEvent.Undone("shop", "r1", "r0", "kept", 20, 500));
        tell(PLANNED);
        tell(STARTED);
        tell(FAILED);
        assertThat(server.paged())
                .endsWith("Rollback of shop waits for approval", "Rollback of shop failed")
                .hasSize(4);
    }

    @Test
    void broken_glass_pages_beside_the_plan_and_stays_until_the_rollback_has_ended() {
        tell(PLANNED);
        tell(new RollbackEvent.GlassBroken("shop", "r1", "0a1b", "cleo", "nobody answers"));
        assertThat(server.open()).containsOnlyKeys("r1", "r1/glass-broken");
        assertThat(server.paged()).hasSize(2);
        tell(STARTED);
        assertThat(server.open()).containsOnlyKeys("r1/glass-broken");
        tell(new RollbackOutcomeEvent.Undone("shop", "r1", "r0", "kept", 20, 500));
        assertThat(server.open()).isEmpty();
    }

    @Test
    void a_rollback_that_failed_leaves_that_alert_open_and_no_other() {
        tell(PLANNED);
        tell(UNANSWERED);
        tell(new RollbackEvent.GlassBroken("shop", "r1", "0a1b", "cleo", "nobody answers"));
        tell(FAILED);
        assertThat(server.open()).containsOnlyKeys("r1");
    }

    @Test
    void the_end_of_a_dry_run_resolves_what_paged_meanwhile() {
        tell(OVERDUE);
        tell(new RollbackEvent.Step("shop", "r1", "dry-run-ended", 0, "nothing was changed"));
        assertThat(server.open()).isEmpty();
    }

    @Test
    void a_regress_after_a_rollback_pages_and_a_watch_that_ends_well_resolves_it() {
        tell(new WatchEvent.Regressed("shop", "r1", 3, List.of()));
        assertThat(server.open()).hasSize(1);
        tell(new WatchEvent.Completed("shop", "r1", Verdict.passed, 86_400, 120, 1, List.of()));
        assertThat(server.open()).isEmpty();
    }

    @Test
    void a_second_regress_pages_though_somebody_is_at_the_first_and_the_end_resolves_both() {
        tell(new WatchEvent.Regressed("shop", "r1", 3, List.of()));
        server.acknowledgeAll();
        tell(new WatchEvent.Regressed("shop", "r1", 9, List.of()));
        tell(new WatchEvent.Regressed("shop", "r1", 9, List.of()));
        assertThat(server.paged()).hasSize(2);
        tell(new WatchEvent.Settled("shop", "r1", Verdict.failed, 600, 20, 2, List.of()));
        assertThat(server.paged()).as("it is of the same").hasSize(2);
        tell(new WatchEvent.Completed("shop", "r1", Verdict.passed, 86_400, 120, 2, List.of()));
        assertThat(server.open()).isEmpty();
    }

    @Test
    void a_watch_that_does_not_end_well_leaves_its_alert_open() {
        tell(new WatchEvent.Regressed("shop", "r1", 3, List.of()));
        tell(new WatchEvent.Completed("shop", "r1", Verdict.failed, 86_400, 120, 1, List.of()));
        assertThat(server.open()).hasSize(1);
        assertThat(server.paged()).hasSize(1);
    }

    @Test
    void delivery_that_is_held_pages_beside_a_failure_and_ends_when_it_goes_on() {
        RipcordEvent resumed = new RollbackEvent.Step("shop", "r1", "delivery-resumed", 9, "as before");
        tell(FAILED);
        server.acknowledgeAll();
        tell(resumed);
        assertThat(server.open()).as("nothing was held").containsOnlyKeys("r1");
        tell(new RollbackEvent.DeliveryHeld("shop", "r1", "permission denied", "resume it"));
        assertThat(server.paged()).hasSize(2);
        assertThat(server.open()).containsOnlyKeys("r1", "r1/delivery-held");
        tell(resumed);
        assertThat(server.open()).containsOnlyKeys("r1");
    }

    @Test
    void a_regress_whose_watch_another_rollback_ended_is_resolved_too() {
        tell(new WatchEvent.Regressed("shop", "r1", 3, List.of()));
        tell(new WatchEvent.Completed("shop", "r1", Verdict.inconclusive, 180, 6, 1, List.of()));
        assertThat(server.open()).isEmpty();
    }

    @Test
    void a_rollback_that_was_refused_needs_nobody_any_more_and_one_that_failed_does() {
        tell(OVERDUE);
        tell(new RollbackOutcomeEvent.Refused("shop", "r1", "nothing to go back to", "look"));
        assertThat(server.open()).isEmpty();
        assertThat(tell(FAILED)).isEqualTo(new Outcome.Accepted());
        assertThat(server.open()).containsEntry("r1", "triggered");
    }

    @Test
    void an_alarm_without_a_rollback_is_an_alert_of_its_own() {
        tell(new SnapshotEvent.Failed("shop", "s1", "v1", "no room", "make room"));
        tell(new SnapshotEvent.Failed("shop", "s2", "v2", "no room", "make room"));
        assertThat(server.open()).hasSize(2);
    }

    @Test
    void migrations_are_changes_and_page_nobody() {
        tell(new MigrationEvent.Started("shop", "v42", "ci"));
        tell(new MigrationEvent.Completed("shop", "v42"));
        assertThat(server.changes()).containsExactly("Migration of shop started", "Migration of shop completed");
        assertThat(server.paged()).isEmpty();
    }

    @Test
    void a_key_that_is_wrong_gives_up_at_once() throws IOException {
        Files.writeString(folder.resolve("routing"), "0123");
        assertThat(tell(FAILED))
                .isInstanceOfSatisfying(
                        Outcome.Never.class,
                        never -> assertThat(never.reason())
                                .startsWith("answered 400")
                                .doesNotContain("0123"));
    }

    private Outcome tell(RipcordEvent event) {
        return carrier(new Post(Duration.ofSeconds(5)))
                .carry(letters.about(event), new Channel.PagerDuty("c", secret("routing"), server.address()));
    }
}
