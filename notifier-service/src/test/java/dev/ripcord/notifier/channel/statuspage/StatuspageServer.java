package dev.ripcord.notifier.channel.statuspage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import dev.ripcord.notifier.channel.PublicPageContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Statuspage with one page and one component, as far as incidents go: it asks for the key, answers 420 to a second request
 * within a second, 422 to what it does not take, and sets the component as an incident says.
 */
final class StatuspageServer implements PublicPageContract.Provider {

    static final String PAGE = "kctbh9vrtdwd";
    static final String COMPONENT = "ftgks51sfs2d";
    static final String KEY = "89a229ce1a8dbcf9ff30430fbe35eb4c0426574bca932061892cefd2138aa4b1";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INCIDENTS = "/v1/pages/" + PAGE + "/incidents";
    private static final Set<String> STATUSES = Set.of("investigating", "identified", "monitoring", "resolved");
    private static final Set<String> OF_COMPONENTS =
            Set.of("operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage");

    private final Map<String, ObjectNode> incidents = new LinkedHashMap<>();
    private final Receiver receiver;
    private String component = "operational";
    private Instant last = Instant.EPOCH;

    StatuspageServer() throws IOException {
        receiver = new Receiver(this::answer);
    }

    URI address() {
        return URI.create(receiver.address() + "/v1");
    }

    @Override
    public Receiver receiver() {
        return receiver;
    }

    @Override
    public synchronized List<String> incidents() {
        return incidents.values().stream()
                .map(each -> each.path("status").asText() + " " + each.path("updates") + " "
                        + each.path("name").asText())
                .toList();
    }

    @Override
    public synchronized String component() {
        return component;
    }

    private synchronized Said answer(Request request) {
        if (!request.header("authorization").equals("OAuth " + KEY)) {
            return new Said(401, "{\"error\":\"Could not authenticate\"}");
        }
        Instant now = Instant.now();
        boolean soon = Duration.between(last, now).toMillis() < 1000;
        last = now;
        if (soon) return new Said(420, "{\"error\":\"Rate limit exceeded\"}");
        if (request.path().equals(INCIDENTS) && request.method().equals("GET")) {
            return new Said(200, incidents.values().toString());
        }
        String id = request.path().replace(INCIDENTS + "/", "");
        boolean update = request.method().equals("PATCH") && incidents.containsKey(id);
        if (!update && !(request.method().equals("POST") && request.path().equals(INCIDENTS))) {
            return new Said(404, "{\"error\":\"not found\"}");
        }
        return write(request, update ? id : "inc" + (incidents.size() + 1), update);
    }

    private Said write(Request request, String id, boolean update) {
        JsonNode body;
        try {
            body = JSON.readTree(request.body()).path("incident");
        } catch (IOException e) {
            return new Said(400, "{\"error\":\"not JSON\"}");
        }
        int name = body.path("name").asText().length();
        boolean right = STATUSES.contains(body.path("status").asText())
                && (update || name > 0 && name <= 255)
                && body.path("body").asText().length() <= 25_000;
        for (JsonNode each : body.path("metadata")) right &= each.isObject();
        for (JsonNode each : body.path("component_ids")) right &= each.asText().equals(COMPONENT);
        for (JsonNode each : body.path("components")) right &= OF_COMPONENTS.contains(each.asText());
        if (!right) return new Said(422, "{\"error\":[\"is invalid\"]}");
        ObjectNode incident = incidents.computeIfAbsent(id, each -> JSON.createObjectNode());
        incident.put("id", id);
        body.fields().forEachRemaining(field -> incident.set(field.getKey(), field.getValue()));
        incident.put("updates", incident.path("updates").asInt() + 1);
        component = body.path("components").path(COMPONENT).asText(component);
        return new Said(update ? 200 : 201, incident.toString());
    }

    @Override
    public void close() {
        receiver.close();
    }
}
