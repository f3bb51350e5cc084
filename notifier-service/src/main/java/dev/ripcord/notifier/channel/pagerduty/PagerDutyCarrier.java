package dev.ripcord.notifier.channel.pagerduty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.databases.Channel;
import dev.ripcord.notifier.channel.Post;
import dev.ripcord.notifier.channel.Reply;
import dev.ripcord.notifier.delivery.Carrier;
import dev.ripcord.notifier.delivery.Outcome;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * PagerDuty, by <a href="https://developer.pagerduty.com/docs/events-api-v2-overview">Events API v2</a>: an alarm triggers,
 * a rollback that begins acknowledges, one that ends well resolves; all of one rollback have its id as {@code dedup_key}.
 * That nobody answers is an alert of its own, so that it pages again, and ends as soon as somebody has.
 * Migrations are change events, which page nobody. 202 means taken, 400 never, 429 and 5xx later.
 */
@Singleton
class PagerDutyCarrier implements Carrier<Channel.PagerDuty> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");
    private static final int LONGEST_SUMMARY = 1024;
    private static final String UNANSWERED = "rollback.unanswered";
    private static final String ESCALATED = "escalated";

    private final Post post;

    PagerDutyCarrier(Post post) {
        this.post = post;
    }

    @Override
    public Class<Channel.PagerDuty> kind() {
        return Channel.PagerDuty.class;
    }

    @Override
    public Outcome carry(Letter letter, Channel.PagerDuty channel) {
        return Post.with(channel.routingKey(), key -> {
            boolean change = letter.message().weight() == Weight.change;
            URI address = URI.create(channel.address() + (change ? "/v2/change/enqueue" : "/v2/enqueue"));
            Outcome told = send(address, event(letter, key));
            if (!(told instanceof Outcome.Accepted) || change) return told;
            if (letter.message().about().equals(UNANSWERED)) letter.notes().keep(ESCALATED, "open");
            if (action(letter.message()).equals("trigger") || !letter.notes().says(ESCALATED, "open")) return told;
            Outcome answered = send(
                    address,
                    Map.of("routing_key", key, "event_action", "resolve", "dedup_key", escalation(letter.message())));
            if (answered instanceof Outcome.Accepted) letter.notes().keep(ESCALATED, "over");
            return answered;
        });
    }

    private Outcome send(URI address, Map<String, Object> event) {
        return switch (post.call("POST", address, HEADERS, event)) {
            case Reply.Ok _ -> new Outcome.Accepted();
            case Reply.Refused refused -> refused.outcome();
            case Reply.Silent silent -> silent.outcome();
        };
    }

    private static String escalation(Message message) {
        return message.rollback() + "/unanswered";
    }

    private static Map<String, Object> event(Letter letter, String key) {
        Message message = letter.message();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("routing_key", key);
        if (message.weight() == Weight.change) {
            event.put("payload", payload(letter));
            return event;
        }
        String action = action(message);
        event.put("event_action", action);
        event.put("dedup_key", dedupKey(letter));
        if (!action.equals("trigger")) return event;
        Map<String, Object> payload = payload(letter);
        payload.put("severity", severity(message));
        payload.put("component", message.database());
        payload.put("class", message.about());
        event.put("payload", payload);
        event.put("client", "Ripcord");
        return event;
    }

    /** An outcome that is no alarm ends it; that somebody approved means that somebody is at work. */
    private static String action(Message message) {
        boolean over = message.weight() == Weight.outcome || message.about().equals("watch.completed");
        if (over && message.tone() != Tone.alarm) return "resolve";
        return message.about().equals("rollback.started") ? "acknowledge" : "trigger";
    }

    private static Map<String, Object> payload(Letter letter) {
        Message message = letter.message();
        Map<String, String> details = new LinkedHashMap<>();
        message.facts().forEach(fact -> details.put(fact.label().isEmpty() ? "Text" : fact.label(), fact.value()));
        if (message.command() != null) details.put("Next", message.command());
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("summary", bounded(message.headline()));
        payload.put("source", message.database());
        String time = time(letter.event());
        if (!time.isEmpty()) payload.put("timestamp", time);
        payload.put("custom_details", details);
        return payload;
    }

    private static String time(String event) {
        JsonNode read;
        try {
            read = JSON.readTree(event);
        } catch (JsonProcessingException e) {
            read = MissingNode.getInstance();
        }
        return read.path("time").asText();
    }

    private static String bounded(String headline) {
        return headline.length() > LONGEST_SUMMARY ? headline.substring(0, LONGEST_SUMMARY - 1) + "…" : headline;
    }

    private static String dedupKey(Letter letter) {
        Message message = letter.message();
        if (message.rollback() == null) return letter.id();
        return message.about().equals(UNANSWERED) ? escalation(message) : message.rollback();
    }

    /** One that waits for approval is raised when nobody answers. */
    private static String severity(Message message) {
        if (message.about().equals("rollback.planned")) return "error";
        return switch (message.tone()) {
            case alarm -> "critical";
            case attention -> "warning";
            case good, news -> "info";
        };
    }
}
