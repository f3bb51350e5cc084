package dev.ripcord.rollback.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.SlackApp;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * What is said to somebody in Slack, and to nobody else: an answer at the address that came with a click, or a dialogue by
 * <a href="https://docs.slack.dev/reference/methods/views.open">views.open</a>. It is sent on a thread of its own, because
 * Slack wants its request answered within three seconds.
 */
final class SlackDialogue {

    private static final Logger LOG = Logger.getLogger(SlackDialogue.class);
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private SlackDialogue() {}

    /** Tells one user something. */
    static void tell(SlackClick click, String text) {
        Thread.ofVirtual().name("slack").start(() -> answer(click, text));
    }

    /** Asks one user for the word of a plan, or for the reason why it is rejected. */
    static void ask(SlackApp app, SlackClick click, Plan plan) {
        Thread.ofVirtual().name("slack").start(() -> {
            String token;
            try {
                token = app.token().resolve();
            } catch (IllegalStateException e) {
                answer(click, "Ripcord cannot read its Slack token: " + e.getMessage());
                return;
            }
            JsonNode opened = post(
                    app.address() + "/views.open",
                    "Bearer " + token,
                    Map.of("trigger_id", click.trigger(), "view", view(click, plan)));
            if (opened.path("ok").asBoolean()) return;
            String error = opened.path("error").asText("no answer");
            answer(
                    click,
                    "The dialogue could not be opened (" + error + "). Instead: ripcord rollback "
                            + (click.rejecting() ? "reject " : "approve ") + click.rollback());
        });
    }

    private static void answer(SlackClick click, String text) {
        if (click.answerTo().isEmpty()) return;
        String safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        post(click.answerTo(), "", Map.of("response_type", "ephemeral", "replace_original", false, "text", safe));
    }

    private static Map<String, Object> view(SlackClick click, Plan plan) {
        String label =
                click.rejecting() ? "Why?" : "Type " + plan.word() + " to approve plan " + shortened(plan.hash());
        return Map.of(
                "type", "modal",
                "callback_id", click.rejecting() ? SlackClick.REJECT : SlackClick.APPROVE,
                "title", text(click.rejecting() ? "Reject the rollback" : "Approve the rollback"),
                "submit", text(click.rejecting() ? "Reject" : "Approve"),
                "close", text("Not now"),
                "private_metadata",
                        json(Map.of("rollback", click.rollback(), "plan", click.plan(), "answerTo", click.answerTo())),
                "blocks",
                        List.of(Map.of(
                                "type",
                                "input",
                                "block_id",
                                SlackClick.INPUT,
                                "label",
                                text(label),
                                "element",
                                Map.of("type", "plain_text_input", "action_id", SlackClick.INPUT))));
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }

    private static Map<String, String> text(String text) {
        return Map.of("type", "plain_text", "text", text);
    }

    private static JsonNode post(String address, String authorization, Map<String, ?> body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(LIMIT)
                    .header("Content-Type", "application/json; charset=utf-8")
                    .POST(HttpRequest.BodyPublishers.ofString(json(body)));
            if (!authorization.isEmpty()) request.header("Authorization", authorization);
            HttpResponse<String> answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer.body().startsWith("{")
                    ? KafkaBinding.JSON.readTree(answer.body())
                    : KafkaBinding.JSON.createObjectNode();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf("Slack does not answer: %s", e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return KafkaBinding.JSON.createObjectNode();
    }

    static String json(Map<String, ?> body) {
        try {
            return KafkaBinding.JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of texts are writable as JSON", e);
        }
    }
}
