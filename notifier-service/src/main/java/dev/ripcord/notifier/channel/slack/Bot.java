package dev.ripcord.notifier.channel.slack;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Outcome;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Calls of Slack's Web API in one channel's name. */
final class Bot {

    private final Post post;
    private final Channel.SlackBot channel;
    private final Map<String, String> headers;

    Bot(Post post, Channel.SlackBot channel, String token) {
        this.post = post;
        this.channel = channel;
        this.headers = Map.of("Content-Type", "application/json; charset=utf-8", "Authorization", "Bearer " + token);
    }

    SlackAnswer call(String method, Map<String, Object> arguments) {
        Map<String, Object> all = new LinkedHashMap<>(arguments);
        all.put("channel", channel.channel());
        return SlackAnswer.of(post.call("POST", address(method), headers, all));
    }

    /**
     * The message that carries this id in its metadata, among the newest of the channel or in a thread. It takes the scope
     * <a href="https://docs.slack.dev/reference/methods/conversations.history">channels:history</a> (groups:history in
     * private channels); without it none is there. Where Slack does not say now, nobody knows, and it must be asked again.
     */
    SlackAnswer find(String id, Optional<String> thread) {
        String query = "?channel=" + channel.channel() + "&include_all_metadata=true&limit=200";
        URI address = thread.map(ts -> address("conversations.replies" + query + "&ts=" + ts))
                .orElseGet(() -> address("conversations.history" + query));
        return switch (post.get(address, headers)) {
            case Reply.Ok ok -> SlackAnswer.among(ok, id);
            case Reply.Refused refused -> unknown(refused.outcome());
            case Reply.Silent silent -> unknown(silent.outcome());
        };
    }

    private static SlackAnswer unknown(Outcome outcome) {
        return new SlackAnswer.Failed(
                outcome instanceof Outcome.Never never ? new Outcome.Later(never.reason(), Optional.empty()) : outcome);
    }

    private URI address(String method) {
        return URI.create(channel.address() + "/" + method);
    }
}
