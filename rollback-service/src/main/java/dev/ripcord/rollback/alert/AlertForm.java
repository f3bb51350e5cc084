package dev.ripcord.rollback.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.databases.Intake;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The forms in which alerts come: Alertmanager's webhook (version 4) and Grafana's, which is of the same family
 * (prometheus.io, "Alerting, configuration, webhook_config"; grafana.com, "Webhook notifier"), and any other by JSON
 * pointers (RFC 6901) from the configuration. Fields that are not known are left aside.
 */
final class AlertForm {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LABELS = 64;
    private static final int LONGEST = 512;

    private AlertForm() {}

    /** The alerts in a body, in its order. */
    static List<Alert> read(Intake intake, byte[] body) throws UnreadableAlertsException {
        JsonNode root = json(body);
        return switch (intake.kind()) {
            case alertmanager -> {
                if (!root.path("version").asText().equals("4")) {
                    throw new UnreadableAlertsException("version must be \"4\", as Alertmanager sends it");
                }
                yield grouped(root);
            }
            case grafana -> grouped(root);
            case generic -> generic(root, intake.fields());
            case github -> throw new UnreadableAlertsException("this intake is for /deployments");
        };
    }

    private static JsonNode json(byte[] body) throws UnreadableAlertsException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            JsonNode root = JSON.readTree(text);
            if (root.isObject() || root.isArray()) return root;
            throw new UnreadableAlertsException("the body must be a JSON object or array");
        } catch (CharacterCodingException e) {
            throw new UnreadableAlertsException("the body is not UTF-8");
        } catch (JsonProcessingException e) {
            throw new UnreadableAlertsException("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    private static List<Alert> grouped(JsonNode root) throws UnreadableAlertsException {
        JsonNode list = root.path("alerts");
        if (!list.isArray()) throw new UnreadableAlertsException("alerts must be a list");
        String group = bounded(root.path("groupKey").asText());
        Map<String, String> common = labels(root.path("commonLabels"));
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode each : list) {
            Map<String, String> labels = new TreeMap<>(common);
            labels.putAll(labels(each.path("labels")));
            JsonNode annotations = each.path("annotations");
            JsonNode summary =
                    annotations.has("summary") ? annotations.path("summary") : annotations.path("description");
            String name = labels.getOrDefault("alertname", "unnamed");
            alerts.add(new Alert(
                    group,
                    fingerprint(each.path("fingerprint"), name, labels),
                    name,
                    firing(each.path("status")),
                    startsAt(each.path("startsAt")),
                    labels,
                    bounded(summary.asText())));
        }
        return alerts;
    }

    private static List<Alert> generic(JsonNode root, Map<String, String> fields) throws UnreadableAlertsException {
        String place = fields.get("alerts");
        JsonNode list = place == null ? root : root.at(place);
        List<JsonNode> each = new ArrayList<>();
        if (list.isArray()) list.forEach(each::add);
        else if (list.isObject()) each.add(list);
        else throw new UnreadableAlertsException("there are no alerts at " + place);
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode one : each) {
            Map<String, String> labels = labels(at(one, fields, "labels"));
            String name = bounded(at(one, fields, "name").asText());
            if (name.isBlank()) throw new UnreadableAlertsException("an alert has no name at " + fields.get("name"));
            alerts.add(new Alert(
                    bounded(at(one, fields, "group").asText()),
                    fingerprint(at(one, fields, "fingerprint"), name, labels),
                    name,
                    firing(at(one, fields, "status"), fields.getOrDefault("resolved", "resolved")),
                    startsAt(at(one, fields, "startsAt")),
                    labels,
                    bounded(at(one, fields, "summary").asText())));
        }
        return alerts;
    }

    private static JsonNode at(JsonNode node, Map<String, String> fields, String field) {
        String pointer = fields.get(field);
        return pointer == null ? JSON.missingNode() : node.at(pointer);
    }

    /** Alertmanager's and Grafana's two words; any other must not start anything. */
    private static boolean firing(JsonNode status) throws UnreadableAlertsException {
        boolean firing = firing(status, "resolved");
        if (firing && !status.asText().equals("firing")) {
            throw new UnreadableAlertsException("status is firing or resolved, not " + bounded(status.asText()));
        }
        return firing;
    }

    /** A status that is missing or is not a text says nothing; what says nothing must not start anything. */
    private static boolean firing(JsonNode status, String resolved) throws UnreadableAlertsException {
        if (!status.isValueNode() || status.isNull()) throw new UnreadableAlertsException("an alert has no status");
        return !status.asText().equalsIgnoreCase(resolved);
    }

    /** Where the sender says nothing, an alert is one as long as it is told: its beginning is not known. */
    private static Instant startsAt(JsonNode time) throws UnreadableAlertsException {
        if (time.isMissingNode() || time.isNull() || time.asText().isBlank()) return Instant.EPOCH;
        try {
            Instant told = time.isNumber()
                    ? Instant.ofEpochSecond(time.asLong())
                    : OffsetDateTime.parse(time.asText()).toInstant();
            if (told.isAfter(Instant.EPOCH) && told.isBefore(Instant.parse("9999-01-01T00:00:00Z"))) return told;
        } catch (DateTimeException e) {
            // said below
        }
        throw new UnreadableAlertsException("startsAt is not a time: " + bounded(time.asText()));
    }

    private static String fingerprint(JsonNode given, String name, Map<String, String> labels) {
        String text = given.asText();
        return bounded(text.isBlank() ? name + labels : text);
    }

    private static Map<String, String> labels(@Nullable JsonNode node) {
        Map<String, String> labels = new TreeMap<>();
        if (node == null || !node.isObject()) return labels;
        node.properties().stream()
                .filter(label -> label.getValue().isValueNode())
                .limit(MOST_LABELS)
                .forEach(label -> labels.put(
                        bounded(label.getKey()), bounded(label.getValue().asText())));
        return labels;
    }

    private static String bounded(String text) {
        String clean = text.replace("\u0000", "");
        if (clean.length() <= LONGEST) return clean;
        int end = Character.isHighSurrogate(clean.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return clean.substring(0, end);
    }
}
