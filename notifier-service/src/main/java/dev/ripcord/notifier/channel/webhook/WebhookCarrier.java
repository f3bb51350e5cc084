package dev.ripcord.notifier.channel.webhook;

import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A signed webhook for subscribers: the body is the event itself, a CloudEvent in structured JSON, in which only what a check
 * expected and found is empty; the headers
 * {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature} follow Standard Webhooks. A receiver
 *
 * <ol>
 *   <li>refuses a timestamp more than five minutes away from its own clock,
 *   <li>computes HMAC-SHA256 over {@code id + "." + timestamp + "." + body}, the body as it came, with the shared key,
 *   <li>compares {@code "v1," + base64} in constant time with each of the signatures in the header, which are separated by
 *       spaces,
 *   <li>ignores an id that it has seen before, because a message may come more than once,
 *   <li>answers with 2xx within ten seconds. With 405, 410, 413, 415 and 422 it is not asked again, with all others it is, and
 *       {@code Retry-After} of 429 and 5xx is respected.
 * </ol>
 */
@Singleton
class WebhookCarrier implements Carrier<Channel.Webhook> {

    /** It is gone, or it has read the message and will not like it better the next time: others wait for this one. */
    private static final Set<Integer> FOR_GOOD = Set.of(405, 410, 413, 415, 422);

    private final Post post;

    WebhookCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.Webhook> kind() {
        return Channel.Webhook.class;
    }

    @Override
    public List<String> problems(Channel.Webhook channel) {
        List<String> problems = new ArrayList<>(Post.problemsOfAddress(channel.url()));
        problems.addAll(Post.problems(channel.signingKey(), Signature::usable, Signature.UNUSABLE));
        return problems;
    }

    @Override
    public Outcome carry(Letter letter, Channel.Webhook channel) {
        String timestamp = String.valueOf(Instant.now().getEpochSecond());
        String signature;
        try {
            signature = Signature.of(channel.signingKey().resolve(), letter.id(), timestamp, letter.event());
        } catch (IllegalStateException e) {
            return new Outcome.Later(String.valueOf(e.getMessage()), Optional.empty());
        }
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/cloudevents+json; charset=utf-8",
                "webhook-id",
                letter.id(),
                "webhook-timestamp",
                timestamp,
                "webhook-signature",
                signature);
        return post.send(channel.url(), headers, letter.event(), said -> true, WebhookCarrier::outcome);
    }

    /** A receiver that is not there now, or does not know the key yet, may be deployed again. */
    private static Outcome outcome(Reply.Refused refused) {
        return switch (refused.outcome()) {
            case Outcome.Never never
            when !FOR_GOOD.contains(refused.status()) -> new Outcome.Later(never.reason(), Optional.empty());
            case Outcome.Never never -> never;
            case Outcome.Later later -> later;
            case Outcome.Accepted accepted -> accepted;
        };
    }
}
