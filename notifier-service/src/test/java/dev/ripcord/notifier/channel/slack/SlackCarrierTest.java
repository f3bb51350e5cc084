package dev.ripcord.notifier.channel.slack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Channel;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.channel.AddressContract;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Messages;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlackCarrierTest extends AddressContract<Channel.Slack> {

    private static final Messages MESSAGES = new Messages("https://rollback.example");

    @Override
    protected Carrier<Channel.Slack> carrier(Post post) {
        return new SlackCarrier(post);
    }

    @Override
    protected Channel.Slack channel() {
        return new Channel.Slack("c", secret("url"));
    }

    @Test
    void success_without_the_word_ok_came_from_somebody_else() {
        answering((exchange, n) -> Receiver.answer(exchange, 200, "text/html", "<html>Please log in</html>"));
        assertThat(carry()).isEqualTo(new Outcome.Later("answered 200: <html>Please log in</html>", Optional.empty()));
    }

    @Test
    void the_body_has_a_text_and_blocks() throws IOException {
        carry();
        JsonNode body = new ObjectMapper().readTree(requests().getFirst().body());
        assertThat(body.get("text").asText()).isEqualTo("🚨 Rollback of shop failed");
        assertThat(body.get("blocks")).hasSizeBetween(3, 50);
        assertThat(requests().getFirst().headers().get("content-type")).startsWith("application/json");
    }

    @Test
    void what_slack_would_read_as_markup_is_text() throws IOException {
        String reason = "<!channel> & <https://evil.example|click> <@U123> ```";
        Message message = MESSAGES.about(
                        new RollbackRequestEvent.Requested("shop", "<r>", "v<1>", null, null, reason, "<!here>"))
                .orElseThrow();
        String body = SlackCarrier.body(message);
        assertThat(body)
                .contains("&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt; &lt;@U123&gt;")
                .contains("&lt;!here&gt;", "v&lt;1&gt;", "&lt;r&gt;")
                .doesNotContainPattern("[<>]");
    }

    @Test
    void what_somebody_wrote_draws_no_fact_of_ours() throws IOException {
        String reason = "prices\n*Approved by:* bob ~no~ _yes_ `x` of public.order_items_old and _tmp";
        Message message = MESSAGES.about(
                        new RollbackRequestEvent.Requested("shop", "r1", "v1", null, null, reason, "anna"))
                .orElseThrow();
        JsonNode section =
                new ObjectMapper().readTree(SlackCarrier.body(message)).at("/blocks/1/text");
        assertThat(section.path("text").asText().lines())
                .contains(
                        "*Reason:* prices \u2217Approved by:\u2217 bob \u223cno\u223c \u02cdyes\u02cd 'x' of public.order_items_old and _tmp");
        assertThat(section.path("verbatim").asBoolean()).isTrue();
    }

    @Test
    void no_text_is_longer_than_slack_takes() throws IOException {
        Message message = MESSAGES.about(new RollbackEvent.LossCounted("shop", "r", muchLoss(), 1))
                .orElseThrow();
        JsonNode body = new ObjectMapper().readTree(SlackCarrier.body(message));
        assertFits(body);
        assertThat(body.toString()).contains("and 289 more tables");
        String much = "<&>".repeat(2000);
        assertFits(new ObjectMapper()
                .readTree(SlackCarrier.body(
                        MESSAGES.about(new RollbackOutcomeEvent.Failed("shop".repeat(100), "r", much, much, much))
                                .orElseThrow())));
    }

    private static void assertFits(JsonNode body) {
        assertThat(body.path("blocks")).isNotEmpty();
        for (JsonNode block : body.path("blocks")) {
            int most = block.path("type").asText().equals("header") ? 150 : 3000;
            assertThat(block.at("/text/text").asText()).hasSizeLessThanOrEqualTo(most);
        }
    }
}
