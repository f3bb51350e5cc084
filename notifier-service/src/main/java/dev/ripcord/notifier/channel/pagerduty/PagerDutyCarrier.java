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
import java.util.stream.Stream;

/**
 * PagerDuty, by <a href="https://developer.pagerduty.com/docs/events-api-v2-overview">Events API v2</a>: an alarm triggers,
 * a rollback that begins or ends well resolves; all of one rollback have its id as {@code dedup_key}. Its begin does not
 * acknowledge, for what is triggered again while it is acknowledged pages nobody: what goes wrong later is an incident of its
 * own. That nobody answers and that glass was broken are alerts of their own, so that they page whatever else is open.
 * Migrations are change events, which page nobody. 202 means taken, 400 never, 429 and 5xx later.
 */
@Singleton
class PagerDutyCarrier implements Carrier<Channel.PagerDuty> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");
    private static final int LONGEST_SUMMARY = 1024;
    private static final String STARTED = "rollback.started";

    /** What is an alert of its own beside the one of the rollback. */
    private enum Own {
        /** Until somebody has answered. */
        unanswered("rollback.unanswered", "escalated"),
        /** Until the rollback has ended. */
        glassBroken("rollback.glass-broken", "glass");

        private final String about;
        private final String note;

        Own(String about, String note) {
            this.about = about;
            this.note = note;
        }

        String dedupKey(Message message) {
            return message.rollback() + "/" + about.replaceFirst(".*\\.", "");
        }

        boolean endsWith(Message message) {
            if (message.weight() == Weight.outcome || message.weight() == Weight.closing) return true;
            return this == unanswered && message.about().equals(STARTED);
        }
    }

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
            for (Own own : Own.values()) {
                if (own.about.equals(letter.message().about())) letter.notes().keep(own.note, "open");
                if (!own.endsWith(letter.message()) || !letter.notes().says(own.note, "open")) continue;
                String ended = own.dedupKey(letter.message());
                told = send(address, Map.of("routing_key", key, "event_action", "resolve", "dedup_key", ended));
                if (!(told instanceof Outcome.Accepted)) return told;
                letter.notes().keep(own.note, "over");
            }
            return told;
        });
    }

    private Outcome send(URI address, Map<String, Object> event) {
        return switch (post.call("POST", address, HEADERS, event)) {
            case Reply.Ok _ -> new Outcome.Accepted();
            case Reply.Refused refused -> refused.outcome();
            case Reply.Silent silent -> silent.outcome();
        };
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

    /** An outcome that is no alarm ends it, and so does that somebody approved: nobody need answer any more. */
    private static String action(Message message) {
        boolean over = message.weight() == Weight.outcome
                || message.weight() == Weight.closing
                || message.about().equals("watch.completed");
        boolean resolved = message.about().equals(STARTED) || (over && message.tone() != Tone.alarm);
        return resolved ? "resolve" : "trigger";
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
        return Stream.of(Own.values())
                .filter(own -> own.about.equals(message.about()))
                .map(own -> own.dedupKey(message))
                .findFirst()
                .orElse(message.rollback());
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
