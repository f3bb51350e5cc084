package dev.ripcord.notifier.channel.teams;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Fact;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A workflow of Microsoft Teams that posts an Adaptive Card when a webhook request comes; it answers 202. A message may have
 * <a href="https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using">28 KB
 * </a>: the last facts are left out where that would be exceeded. All text stands in runs, in which nothing is markup.
 */
@Singleton
class TeamsCarrier implements Carrier<Channel.Teams> {

    static final int LARGEST = 28 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json; charset=utf-8");

    private final Post post;

    TeamsCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.Teams> kind() {
        return Channel.Teams.class;
    }

    @Override
    public List<String> problems(Channel.Teams channel) {
        return Post.problemsOfAddress(channel.url());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Teams channel) {
        return post.send(channel.url(), HEADERS, body(letter.message()), said -> true);
    }

    static String body(Message message) {
        List<Fact> facts = new ArrayList<>(message.facts());
        String body = body(message, facts);
        while (body.getBytes(StandardCharsets.UTF_8).length > LARGEST && !facts.isEmpty()) {
            facts.removeLast();
            body = body(message, facts);
        }
        return body;
    }

    private static String body(Message message, List<Fact> facts) {
        List<Object> shown = new ArrayList<>();
        shown.add(line(Map.of(
                "type",
                "TextRun",
                "text",
                message.headline(),
                "weight",
                "Bolder",
                "size",
                "Medium",
                "color",
                color(message.tone()))));
        for (Fact fact : facts) {
            Map<String, Object> value = run(fact.value(), "Default");
            shown.add(fact.label().isEmpty() ? line(value) : line(run(fact.label() + ": ", "Bolder"), value));
        }
        if (message.command() != null) {
            shown.add(line(Map.of("type", "TextRun", "text", message.command(), "fontType", "Monospace")));
        }
        String about = message.about() + (message.rollback() == null ? "" : ", rollback " + message.rollback());
        shown.add(line(Map.of("type", "TextRun", "text", about, "isSubtle", true, "size", "Small")));
        Map<String, Object> card = Map.of(
                "$schema", "http://adaptivecards.io/schemas/adaptive-card.json",
                "type", "AdaptiveCard",
                "version", "1.4",
                "body", shown);
        Map<String, Object> attachment =
                Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card);
        try {
            return JSON.writeValueAsString(Map.of("type", "message", "attachments", List.of(attachment)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of texts are writable as JSON", e);
        }
    }

    private static Map<String, Object> line(Map<?, ?>... runs) {
        return Map.of("type", "RichTextBlock", "inlines", List.of(runs));
    }

    private static Map<String, Object> run(String text, String weight) {
        return Map.of("type", "TextRun", "text", text, "weight", weight);
    }

    private static String color(Message.Tone tone) {
        return switch (tone) {
            case news -> "Default";
            case good -> "Good";
            case attention -> "Warning";
            case alarm -> "Attention";
        };
    }
}
