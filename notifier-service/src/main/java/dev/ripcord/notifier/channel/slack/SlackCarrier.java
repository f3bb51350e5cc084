package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** A Slack incoming webhook: {@code text} for notifications, {@code blocks} for the channel; it answers {@code ok}. */
@Singleton
class SlackCarrier implements Carrier<Channel.Slack> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json; charset=utf-8");

    private final Post post;

    SlackCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.Slack> kind() {
        return Channel.Slack.class;
    }

    @Override
    public List<String> problems(Channel.Slack channel) {
        return Post.problemsOfAddress(channel.url());
    }

    @Override
    public Outcome carry(Letter letter, Channel.Slack channel) {
        return post.send(
                channel.url(),
                HEADERS,
                body(letter.message()),
                said -> said.strip().equals("ok"));
    }

    static String body(Message message) {
        try {
            return JSON.writeValueAsString(Map.of("text", Blocks.fallback(message), "blocks", Blocks.of(message)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of texts are writable as JSON", e);
        }
    }
}
