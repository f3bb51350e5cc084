package dev.ripcord.notifier.channel.pagerduty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PagerDuty's Events API v2 with one integration: 202 for what it takes, 400 for what it does not. Alerts are found by their
 * {@code dedup_key}; acknowledging or resolving one that is not open is dropped, triggering one that is resolved opens
 * another.
 */
final class PagerDutyServer implements AutoCloseable {

    static final String KEY = "e93facc04764012d7bfb002500d5d1a6";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> SEVERITIES = Set.of("critical", "error", "warning", "info");

    private final Map<String, String> open = new LinkedHashMap<>();
    private final List<String> paged = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<String> severities = new ArrayList<>();
    private final Receiver receiver;

    PagerDutyServer() throws IOException {
        receiver = new Receiver(this::answer);
    }

    URI address() {
        return URI.create(receiver.address());
    }

    /** The alerts that are open, by their key: triggered or acknowledged. */
    synchronized Map<String, String> open() {
        return Map.copyOf(open);
    }

    /** Somebody is at work. */
    synchronized void acknowledgeAll() {
        open.replaceAll((key, state) -> "acknowledged");
    }

    /** The summaries of what paged somebody: an alert that was not open before, or not acknowledged. */
    synchronized List<String> paged() {
        return List.copyOf(paged);
    }

    /** Of what was triggered, in order. */
    synchronized List<String> severities() {
        return List.copyOf(severities);
    }

    synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    private synchronized Said answer(Request request) {
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return invalid("Event object is invalid");
        }
        if (request.body().length() > 512 * 1024) return new Said(413, "{}");
        if (!body.path("routing_key").asText().equals(KEY)) return invalid("'routing_key' is invalid");
        JsonNode payload = body.path("payload");
        String summary = payload.path("summary").asText();
        boolean described = !summary.isEmpty()
                && summary.length() <= 1024
                && !payload.path("source").asText().isEmpty();
        if (request.path().equals("/v2/change/enqueue")) {
            if (!described) return invalid("'payload.summary' is missing or blank");
            changes.add(summary);
            return taken("Change event processed");
        }
        if (!request.path().equals("/v2/enqueue")) return new Said(404, "{}");
        String key = body.path("dedup_key").asText();
        if (key.length() > 255) return invalid("'dedup_key' is too long");
        switch (body.path("event_action").asText()) {
            case "trigger" -> {
                if (!described || !SEVERITIES.contains(payload.path("severity").asText())) {
                    return invalid("'payload.severity' is invalid");
                }
                severities.add(payload.path("severity").asText());
                if (!open.containsKey(key)) paged.add(summary);
                open.putIfAbsent(key, "triggered");
            }
            case "acknowledge" -> open.computeIfPresent(key, (each, state) -> "acknowledged");
            case "resolve" -> open.remove(key);
            default -> {
                return invalid("'event_action' is invalid");
            }
        }
        return taken("Event processed");
    }

    private static Said taken(String message) {
        return new Said(202, "{\"status\":\"success\",\"message\":\"" + message + "\"}");
    }

    private static Said invalid(String error) {
        return new Said(
                400,
                "{\"status\":\"invalid event\",\"message\":\"Event object is invalid\",\"errors\":[\"" + error
                        + "\"]}");
    }

    @Override
    public void close() {
        receiver.close();
    }
}
