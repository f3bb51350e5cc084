package dev.ripcord.notifier.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.TableLoss;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.channel.ChannelContract;
import dev.ripcord.notifier.channel.Letters;
import dev.ripcord.notifier.channel.Pace;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlackBotCarrierTest extends ChannelContract<Channel.SlackBot> {

    private static final RipcordEvent REQUESTED =
            new RollbackRequestEvent.Requested("shop", "r1", "v1", null, null, "prices are wrong", "anna");
    private static final RipcordEvent STARTED = new RollbackEvent.Started("shop", "r1", "hash", "bob");
    private static final RipcordEvent STEP = new RollbackEvent.Step("shop", "r1", "fenced", 12, "2 sessions ended");
    private static final RipcordEvent COMPLETED = new RollbackOutcomeEvent.Completed(
            "shop", "r1", "s1", "shop__failed_1", 41, 900, List.of(), List.of(), "ripcord undo r1", null);

    private final Letters letters = new Letters();
    private final Carrier<Channel.SlackBot> bot = carrier(new Post(Duration.ofSeconds(5)));
    private SlackServer slack;

    @BeforeEach
    void openSlack() throws IOException {
        slack = new SlackServer();
        Files.writeString(folder.resolve("token"), SlackServer.TOKEN);
        receiver.answering(
                "/api/conversations.history",
                (exchange, n) -> Receiver.answer(exchange, 200, "application/json", "{\"ok\":true,\"messages\":[]}"));
    }

    @AfterEach
    void closeSlack() {
        slack.close();
    }

    @Override
    protected Carrier<Channel.SlackBot> carrier(Post post) {
        return new SlackBotCarrier(post, new Pace(SlackBotCarrier.APART));
    }

    @Override
    protected Channel.SlackBot channel() {
        return new Channel.SlackBot("c", secret("key"), SlackServer.CHANNEL, URI.create(receiver.address() + "/api"));
    }

    @Override
    protected String path() {
        return "/api/chat.postMessage";
    }

    @Override
    protected String fine() {
        return "{\"ok\":true,\"channel\":\"C0123456789\",\"ts\":\"1700000000.000100\"}";
    }

    @Test
    void a_rollback_is_one_thread_whose_head_says_where_it_stands() {
        for (RipcordEvent event : List.of(REQUESTED, STARTED, STEP, COMPLETED)) {
            assertThat(tell(event)).as(event.toString()).isEqualTo(new Outcome.Accepted());
        }
        List<SlackServer.Shown> shown = slack.messages();
        assertThat(shown).hasSize(4);
        SlackServer.Shown head = shown.getFirst();
        assertThat(head.text()).isEqualTo("✅ shop is back at its snapshot and open");
        assertThat(head.blocks().toString()).contains("ripcord undo r1", "shop__failed_1");
        assertThat(head.edits()).isEqualTo(2);
        assertThat(shown.subList(1, 4))
                .allSatisfy(reply -> assertThat(reply.thread()).isEqualTo("1700000000.000001"));
        assertThat(shown.stream().filter(SlackServer.Shown::inChannel).map(SlackServer.Shown::text))
                .as("steps are in the thread, outcomes in the channel too")
                .containsExactly(head.text(), head.text());
    }

    @Test
    void a_plan_that_waits_has_buttons_at_the_head_alone_until_it_is_decided() {
        RipcordEvent planned = new RollbackEvent.Planned(
                "shop",
                "r1",
                new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b"));
        tell(REQUESTED);
        tell(planned);
        tell(new RollbackEvent.ApprovalRefused("shop", "r1", "mallory", "not one of those who may"));
        tell(new RollbackEvent.Unanswered("shop", "r1", Instant.EPOCH, 900, "approval: 0 of 2", "answer"));
        List<SlackServer.Shown> waiting = slack.messages();
        assertThat(waiting).hasSize(4);
        assertThat(waiting.getFirst().text())
                .as("whoever decides sees the plan beside the buttons")
                .contains("waits for approval");
        assertThat(waiting.getFirst().blocks().toString()).contains("Expected outage");
        assertThat(waiting.getLast().inChannel()).isTrue();
        assertThat(waiting.getFirst().blocks().toString())
                .contains("\"ripcord_approve\"", "\"ripcord_reject\"")
                .contains("{\\\"rollback\\\":\\\"r1\\\",\\\"plan\\\":\\\"0a1b\\\"}");
        assertThat(waiting.subList(1, waiting.size()))
                .allSatisfy(reply -> assertThat(reply.blocks().toString()).doesNotContain("ripcord_approve"));
        tell(STARTED);
        assertThat(slack.messages().getFirst().blocks().toString()).doesNotContain("ripcord_approve");
        tell(new RollbackEvent.TargetMissed("shop", "r1", "outage", 1, 2));
        assertThat(slack.messages().getFirst().text())
                .as("what is said afterwards is in the thread alone")
                .contains("started");
    }

    @Test
    void what_is_about_no_rollback_stands_by_itself() {
        tell(REQUESTED);
        assertThat(tell(new SnapshotEvent.Failed("shop", "s9", "v2", "no room", "make room")))
                .isEqualTo(new Outcome.Accepted());
        assertThat(slack.messages()).extracting(SlackServer.Shown::thread).containsExactly("", "");
    }

    @Test
    void messages_keep_a_second_apart_by_themselves() {
        assertThat(tell(REQUESTED)).isEqualTo(new Outcome.Accepted());
        assertThat(tell(STEP)).isEqualTo(new Outcome.Accepted());
        assertThat(slack.receiver().requests()).hasSize(2);
    }

    @Test
    void the_most_that_can_be_said_fits_into_slack() {
        String long_ = "<&>".repeat(2000);
        assertThat(tell(new RollbackEvent.LossCounted("shop", "r1", muchLoss(), 1)))
                .isEqualTo(new Outcome.Accepted());
        assertThat(tell(new RollbackOutcomeEvent.Failed("shop", "r1", long_, long_, long_)))
                .isEqualTo(new Outcome.Accepted());
    }

    @Test
    void a_crash_between_the_answer_and_the_note_posts_nothing_twice() {
        tellDying(REQUESTED);
        assertThat(tell(REQUESTED)).isEqualTo(new Outcome.Accepted());
        tellDying(STARTED);
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(slack.messages()).extracting(SlackServer.Shown::thread).containsExactly("", "1700000000.000001");
    }

    @Test
    void a_bot_that_may_not_read_the_channel_posts_one_message_more_after_a_crash_and_no_more() {
        slack.withoutScopeForHistory();
        tellDying(REQUESTED);
        assertThat(tell(REQUESTED)).isEqualTo(new Outcome.Accepted());
        assertThat(tell(STARTED)).isEqualTo(new Outcome.Accepted());
        assertThat(slack.messages().stream().filter(shown -> shown.thread().isEmpty()))
                .hasSize(2);
    }

    @Test
    void where_slack_does_not_say_whether_a_message_is_there_it_is_asked_again_and_nothing_posted() {
        tellDying(REQUESTED);
        slack.receiver().answering("/api/conversations.history", (exchange, n) -> {
            String said = n == 2 ? "{\"ok\":false,\"error\":\"internal_error\"}" : "busy";
            Receiver.answer(exchange, n == 1 ? 503 : n == 2 ? 200 : 429, "application/json", said);
        });
        for (String why : List.of("answered 503: busy", "Slack answered internal_error", "answered 429: busy")) {
            assertThat(tell(REQUESTED)).isEqualTo(new Outcome.Later(why, Optional.empty()));
        }
        assertThat(slack.messages()).hasSize(1);
    }

    @Test
    void the_head_keeps_the_outcome_when_the_loss_is_counted_afterwards() {
        tell(REQUESTED);
        tell(COMPLETED);
        tell(new RollbackEvent.LossCounted("shop", "r1", muchLoss(), 1));
        assertThat(slack.messages().getFirst().text()).isEqualTo("✅ shop is back at its snapshot and open");
    }

    @Test
    void what_is_told_after_what_followed_it_is_in_the_thread_alone() {
        RipcordEvent planned = new RollbackEvent.Planned(
                "shop",
                "r1",
                new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b"));
        tell(REQUESTED);
        tell(COMPLETED);
        Channel.SlackBot thread = new Channel.SlackBot("c", secret("token"), SlackServer.CHANNEL, slack.address());
        assertThat(bot.carry(letters.overtaken(planned), thread)).isEqualTo(new Outcome.Accepted());
        SlackServer.Shown head = slack.messages().getFirst();
        assertThat(head.text()).isEqualTo("✅ shop is back at its snapshot and open");
        assertThat(slack.messages()).hasSize(3);
        SlackServer.Shown late = slack.messages().getLast();
        assertThat(late.text()).contains("waits for approval");
        assertThat(late.inChannel()).isFalse();
        tell(new RollbackEvent.DeliveryHeld("shop", "r1", "permission denied", "resume it"));
        assertThat(slack.messages().getFirst().blocks().toString())
                .contains("STILL PAUSED")
                .doesNotContain("ripcord_approve");
    }

    @Test
    void the_end_of_a_dry_run_takes_the_buttons_away() {
        tell(new RollbackEvent.Planned(
                "shop",
                "r1",
                new Plan("full", "s1", Instant.EPOCH, true, true, List.of(), 40, "word", "CONFIRM", "0a1b")));
        assertThat(slack.messages().getFirst().blocks().toString()).contains("ripcord_approve");
        tell(new RollbackEvent.Step("shop", "r1", "dry-run-ended", 0, "nothing was changed"));
        assertThat(slack.messages().getFirst().blocks().toString()).doesNotContain("ripcord_approve");
    }

    @Test
    void a_reply_that_was_made_is_not_made_again_when_only_the_head_could_not_be_updated() {
        tell(REQUESTED);
        slack.receiver()
                .answering("/api/chat.update", (exchange, n) -> Receiver.answer(exchange, 503, "text/plain", "busy"));
        assertThat(tell(STARTED)).isInstanceOf(Outcome.Later.class);
        assertThat(tell(STARTED)).isInstanceOf(Outcome.Later.class);
        assertThat(slack.receiver().requests("/api/chat.postMessage")).hasSize(2);
    }

    @Test
    void a_thread_that_somebody_deleted_begins_anew() {
        tell(REQUESTED);
        slack.forgetAll();
        assertThat(tell(STARTED)).isInstanceOf(Outcome.Accepted.class);
        assertThat(tell(COMPLETED)).isEqualTo(new Outcome.Accepted());
        assertThat(slack.messages()).hasSize(2);
        assertThat(slack.messages().getFirst().edits()).isEqualTo(1);
    }

    @Test
    void a_wrong_token_gives_up_at_once() throws IOException {
        Files.writeString(folder.resolve("token"), "xoxb-old");
        assertThat(tell(REQUESTED)).isEqualTo(new Outcome.Never("Slack answered invalid_auth"));
    }

    @Test
    void a_channel_that_is_not_there_gives_up_at_once() {
        Channel.SlackBot elsewhere =
                new Channel.SlackBot("c", new Secret(null, folder.resolve("token")), "C999", slack.address());
        assertThat(bot.carry(letters.about(REQUESTED), elsewhere))
                .isEqualTo(new Outcome.Never("Slack answered channel_not_found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ratelimited", "internal_error", "fatal_error", "something_new"})
    void an_error_that_may_pass_is_tried_again(String code) {
        slack.receiver().answering("/api/chat.postMessage", (exchange, n) -> {
            exchange.getResponseHeaders().set("Retry-After", "30");
            Receiver.answer(exchange, 200, "application/json", "{\"ok\":false,\"error\":\"" + code + "\"}");
        });
        assertThat(tell(REQUESTED))
                .isEqualTo(new Outcome.Later("Slack answered " + code, Optional.of(Duration.ofSeconds(30))));
    }

    @Test
    void no_loss_is_told_row_by_row_nor_with_markup() {
        tell(new RollbackEvent.LossCounted(
                "shop", "r1", List.of(new TableLoss("public.<!channel>", 1, 0, 0, true)), 1));
        assertThat(slack.messages().getFirst().blocks().toString())
                .contains("public.&lt;!channel&gt;")
                .doesNotContain("<");
    }

    /** Tells an event, and dies when the answer should be noted. */
    private void tellDying(RipcordEvent event) {
        letters.dyingAfter(1);
        assertThatThrownBy(() -> tell(event)).hasMessage("the service dies here");
        letters.dyingAfter(Integer.MAX_VALUE);
    }

    private Outcome tell(RipcordEvent event) {
        return bot.carry(
                letters.about(event), new Channel.SlackBot("c", secret("token"), SlackServer.CHANNEL, slack.address()));
    }
}
