package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Slack incoming webhook: {@code text} for notifications, {@code blocks} for the channel; it answers {@code ok}. */
@Singleton
class SlackCarrier implements Carrier {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json; charset=utf-8");
    private static final int LONGEST_HEADER = 150;

    private final Post post;

    SlackCarrier(Post post) {
        this.post = post;
    }

    @Override
    public String kind() {
        return "slack";
    }

    @Override
    public Outcome carry(Letter letter, Channel channel) {
        return post.send(
                channel.url(),
                HEADERS,
                body(letter.message()),
                said -> said.strip().equals("ok"));
    }

    static String body(Message message) {
        List<Object> blocks = new ArrayList<>();
        String headline = sign(message.tone()) + " " + message.headline();
        blocks.add(Map.of("type", "header", "text", text("plain_text", bounded(headline))));
        StringBuilder facts = new StringBuilder();
        for (Message.Fact fact : message.facts()) {
            String line = "*" + escaped(fact.label()) + ":* " + escaped(fact.value()) + "\n";
            if (facts.length() + line.length() > 2900) break;
            facts.append(line);
        }
        if (!facts.isEmpty()) blocks.add(section(facts.toString()));
        String command = message.command();
        if (command != null) blocks.add(section("*Next:*\n```" + escaped(command.replace('`', '\'')) + "```"));
        String context = "`" + escaped(message.about()) + "`"
                + (message.rollback() == null ? "" : " rollback " + escaped(message.rollback()));
        blocks.add(Map.of("type", "context", "elements", List.of(text("mrkdwn", context))));
        try {
            return JSON.writeValueAsString(Map.of("text", escaped(headline), "blocks", blocks));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of texts are writable as JSON", e);
        }
    }

    /** What Slack's markup would read as a mention, a link or a tag is text after this. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static Map<String, Object> section(String mrkdwn) {
        return Map.of("type", "section", "text", text("mrkdwn", mrkdwn));
    }

    private static Map<String, String> text(String type, String text) {
        return Map.of("type", type, "text", text);
    }

    private static String bounded(String headline) {
        return headline.length() > LONGEST_HEADER ? headline.substring(0, LONGEST_HEADER - 1) + "…" : headline;
    }

    private static String sign(Message.Tone tone) {
        return switch (tone) {
            case news -> "ℹ️";
            case good -> "✅";
            case attention -> "⚠️";
            case alarm -> "🚨";
        };
    }
}
