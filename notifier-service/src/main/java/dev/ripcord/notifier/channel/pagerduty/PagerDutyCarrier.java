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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PagerDuty, by <a href="https://developer.pagerduty.com/docs/events-api-v2-overview">Events API v2</a>: an alarm triggers,
 * a rollback that begins or ends well resolves; all of one rollback have its id as {@code dedup_key}. Its begin does not
 * acknowledge, for what is triggered again while it is acknowledged pages nobody: what goes wrong later is an incident of its
 * own. That nobody answers, that glass was broken, that delivery is still held and each regress are alerts of their own, so
 * that they page whatever else is open or acknowledged.
 * Migrations are change events, which page nobody. 202 means taken, 400 never, 429 and 5xx later.
 */
@Singleton
class PagerDutyCarrier implements Carrier<Channel.PagerDuty> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> HEADERS = Map.of("Content-Type", "application/json");
    private static final int LONGEST_SUMMARY = 1024;
    private static final String STARTED = "rollback.started";
    private static final Set<String> OF_A_WATCH = Set.of("watch.regressed", "watch.settled", "watch.completed");

    /** The keys of the alerts that a watch has raised, with blanks between. */
    private static final String REGRESSED = "regressed";

    /** What is an alert of its own beside the one of the rollback. */
    private enum Own {
        /** Until somebody has answered. */
        unanswered("rollback.unanswered", "escalated"),
        /** Until the rollback has ended. */
        glassBroken("rollback.glass-broken", "glass"),
        /** Until delivery goes on again, long after the rollback has ended. */
        deliveryHeld("rollback.delivery-held", "held");

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
            boolean over = message.weight() == Weight.outcome || message.weight() == Weight.closing;
            return switch (this) {
                case unanswered -> over || message.about().equals(STARTED);
                case glassBroken -> over;
                case deliveryHeld -> message.weight() == Weight.resumed;
            };
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
    public List<String> problems(Channel.PagerDuty channel) {
        return Post.problems(channel.routingKey());
    }

    @Override
    public Outcome carry(Letter letter, Channel.PagerDuty channel) {
        return Post.with(channel.routingKey(), key -> {
            Message message = letter.message();
            if (message.weight() == Weight.change) {
                return send(channel.address() + "/v2/change/enqueue", change(letter, key));
            }
            String address = channel.address() + "/v2/enqueue";
            List<Map<String, Object>> events = events(letter, key);
            Outcome told = new Outcome.Accepted();
            for (Map<String, Object> event : events) {
                told = send(address, event);
                if (!(told instanceof Outcome.Accepted)) return told;
            }
            if (raisedByAWatch(message)) letter.notes().keep(REGRESSED, withOneMore(letter));
            for (Own own : Own.values()) {
                if (own.about.equals(message.about())) letter.notes().keep(own.note, "open");
                if (!own.endsWith(message) || !letter.notes().says(own.note, "open")) continue;
                told = send(address, resolve(key, own.dedupKey(message)));
                if (!(told instanceof Outcome.Accepted)) return told;
                letter.notes().keep(own.note, "over");
            }
            return told;
        });
    }

    /** What is sent first; nothing for what only ends an alert of its own. */
    private static List<Map<String, Object>> events(Letter letter, String key) {
        Message message = letter.message();
        if (message.weight() == Weight.resumed) return List.of();
        List<String> raised = raised(letter);
        if (!action(message).equals("resolve")) return List.of(trigger(letter, key, raised));
        boolean ofAWatch = OF_A_WATCH.contains(message.about()) && !raised.isEmpty();
        boolean allOver = message.about().equals("watch.completed") && message.rollback() != null;
        Stream<String> ended = Stream.concat(
                ofAWatch ? raised.stream() : Stream.of(dedupKey(letter, raised)),
                allOver ? Stream.of(String.valueOf(message.rollback())) : Stream.empty());
        return ended.distinct().map(each -> resolve(key, each)).toList();
    }

    private Outcome send(String address, Map<String, Object> event) {
        return switch (post.call("POST", URI.create(address), HEADERS, event)) {
            case Reply.Ok _ -> new Outcome.Accepted();
            case Reply.Refused refused -> refused.outcome();
            case Reply.Silent silent -> silent.outcome();
        };
    }

    private static Map<String, Object> change(Letter letter, String key) {
        return Map.of("routing_key", key, "payload", payload(letter));
    }

    private static Map<String, Object> resolve(String key, String dedupKey) {
        return Map.of("routing_key", key, "event_action", "resolve", "dedup_key", dedupKey);
    }

    private static Map<String, Object> trigger(Letter letter, String key, List<String> raised) {
        Message message = letter.message();
        Map<String, Object> payload = payload(letter);
        payload.put("severity", severity(message));
        payload.put("component", message.database());
        payload.put("class", message.about());
        return Map.of(
                "routing_key",
                key,
                "event_action",
                "trigger",
                "dedup_key",
                dedupKey(letter, raised),
                "payload",
                payload,
                "client",
                "Ripcord");
    }

    /** The alerts of a rollback's watch that may be open still. */
    private static List<String> raised(Letter letter) {
        return letter.notes()
                .find(REGRESSED)
                .map(keys -> List.of(keys.split(" ")))
                .orElse(List.of());
    }

    private static boolean raisedByAWatch(Message message) {
        return OF_A_WATCH.contains(message.about()) && action(message).equals("trigger");
    }

    private static String withOneMore(Letter letter) {
        List<String> raised = raised(letter);
        return Stream.concat(raised.stream(), Stream.of(dedupKey(letter, raised)))
                .distinct()
                .collect(Collectors.joining(" "));
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

    /** Each regress pages anew; what a watch says at its ends is of the last one, where there was one. */
    private static String dedupKey(Letter letter, List<String> raised) {
        Message message = letter.message();
        if (message.rollback() == null) return letter.id();
        if (raisedByAWatch(message)) {
            boolean anew = message.about().equals("watch.regressed") || raised.isEmpty();
            return anew ? message.rollback() + "/" + letter.id() : raised.getLast();
        }
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
