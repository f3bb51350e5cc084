package dev.ripcord.notifier.channel.teams;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Channel;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import dev.ripcord.notifier.channel.AddressContract;
import dev.ripcord.notifier.channel.Letters;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TeamsCarrierTest extends AddressContract<Channel.Teams> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    protected Carrier<Channel.Teams> carrier(Post post) {
        return new TeamsCarrier(post);
    }

    @Override
    protected Channel.Teams channel() {
        return new Channel.Teams("c", secret("url"));
    }

    @Test
    void a_workflow_that_waits_for_a_card_takes_it() throws IOException {
        try (Receiver workflow = new Receiver(TeamsCarrierTest::workflow)) {
            Files.writeString(
                    folder.resolve("url"), workflow.address() + "/workflows/1/triggers/manual/paths/invoke?sig=s");
            Outcome outcome = carrier(new Post(Duration.ofSeconds(5)))
                    .carry(
                            new Letters()
                                    .about(new RollbackOutcomeEvent.Failed(
                                            "shop", "r1", "unchanged", "see [here](http://evil.example)", "look")),
                            channel());
            assertThat(outcome).isEqualTo(new Outcome.Accepted());
        }
    }

    @Test
    void a_message_that_is_too_large_loses_its_last_facts() {
        List<Message.Fact> facts = IntStream.range(0, 100)
                .mapToObj(i -> new Message.Fact("Fact " + i, "ü".repeat(400)))
                .toList();
        String body = TeamsCarrier.body(new Message(
                "rollback.failed",
                "shop",
                "r1",
                Message.Tone.alarm,
                Message.Weight.outcome,
                "Rollback of shop failed",
                facts,
                "ripcord rollback shop"));
        assertThat(body.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(26 * 1024, 28 * 1024);
        assertThat(body).contains("Fact 20", "ripcord rollback shop").doesNotContain("Fact 99");
    }

    /**
     * The template "Post to a channel when a webhook request is received": without its signature, or without an Adaptive
     * Card, nothing is posted. Text blocks read Markdown, so that none may be there.
     */
    private static Said workflow(Request request) {
        if (!request.query().contains("sig=s")) {
            return new Said(401, "{\"error\":{\"code\":\"DirectApiAuthorizationRequired\"}}");
        }
        if (request.body().getBytes(StandardCharsets.UTF_8).length > 28 * 1024) return new Said(413, "{}");
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return new Said(400, "{\"error\":{\"code\":\"InvalidRequestContent\"}}");
        }
        JsonNode attachment = body.path("attachments").path(0);
        JsonNode card = attachment.path("content");
        boolean shown = body.path("type").asText().equals("message")
                && attachment.path("contentType").asText().equals("application/vnd.microsoft.card.adaptive")
                && card.path("type").asText().equals("AdaptiveCard")
                && card.path("version").asText().matches("1\\.[0-5]");
        for (JsonNode block : card.path("body")) {
            shown &= block.path("type").asText().equals("RichTextBlock");
            for (JsonNode run : block.path("inlines")) {
                shown &= run.path("type").asText().equals("TextRun")
                        && !run.path("text").asText().isEmpty();
            }
        }
        return shown ? new Said(202, "") : new Said(400, "{\"error\":{\"code\":\"BadRequest\"}}");
    }
}
