package dev.ripcord.notifier.channel.instatus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import dev.ripcord.notifier.channel.PublicPageContract;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Instatus with one page and one component, as far as incidents go: it asks for the key and for known states. */
final class InstatusServer implements PublicPageContract.Provider {

    static final String PAGE = "ckf01fonve9i40a32oas5b0uw";
    static final String COMPONENT = "ckf01fvnxywz50a35nh1qzssm";
    static final String KEY = "5e1c0f7a2b9d4c6e8f3a1b7c9d2e4f60";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INCIDENTS = "/v1/" + PAGE + "/incidents";
    private static final Set<String> STATUSES = Set.of("INVESTIGATING", "IDENTIFIED", "MONITORING", "RESOLVED");
    private static final Set<String> OF_COMPONENTS =
            Set.of("OPERATIONAL", "UNDERMAINTENANCE", "DEGRADEDPERFORMANCE", "PARTIALOUTAGE", "MAJOROUTAGE");

    private record Incident(String name, String status, int told) {}

    private final Map<String, Incident> incidents = new LinkedHashMap<>();
    private final Receiver receiver;
    private String component = "OPERATIONAL";

    InstatusServer() throws IOException {
        receiver = new Receiver(this::answer);
    }

    @Override
    public Receiver receiver() {
        return receiver;
    }

    @Override
    public synchronized List<String> incidents() {
        return incidents.values().stream()
                .map(each -> each.status() + " " + each.told() + " " + each.name())
                .toList();
    }

    @Override
    public synchronized String component() {
        return component;
    }

    private synchronized Said answer(Request request) {
        if (!request.header("authorization").equals("Bearer " + KEY)) {
            return new Said(401, "{\"error\":{\"message\":\"Unauthorized\"}}");
        }
        if (request.path().equals(INCIDENTS) && request.method().equals("GET")) {
            return new Said(
                    200,
                    incidents.entrySet().stream()
                            .map(each -> shown(each.getKey(), each.getValue()))
                            .toList()
                            .toString());
        }
        if (!request.method().equals("POST")) return new Said(404, "{}");
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return new Said(400, "{}");
        }
        boolean right = STATUSES.contains(body.path("status").asText())
                && body.path("message").isTextual()
                && body.path("components").isArray()
                && !body.path("started").asText().isEmpty();
        for (JsonNode each : body.path("statuses")) {
            right &= each.path("id").asText().equals(COMPONENT)
                    && OF_COMPONENTS.contains(each.path("status").asText());
        }
        if (!right) return new Said(400, "{\"error\":{\"message\":\"invalid\"}}");
        return write(request.path(), body);
    }

    private Said write(String path, JsonNode body) {
        String status = body.path("status").asText();
        String id;
        Incident written;
        if (path.equals(INCIDENTS)) {
            if (body.path("name").asText().isEmpty()) return new Said(400, "{}");
            id = "inc" + (incidents.size() + 1);
            written = new Incident(body.path("name").asText(), status, 1);
        } else {
            id = path.replace(INCIDENTS + "/", "").replace("/incident-updates", "");
            Incident old = incidents.get(id);
            if (old == null || !path.endsWith("/incident-updates")) return new Said(404, "{}");
            written = new Incident(old.name(), status, old.told() + 1);
        }
        incidents.put(id, written);
        for (JsonNode each : body.path("statuses"))
            component = each.path("status").asText();
        return new Said(200, shown(id, written));
    }

    private static String shown(String id, Incident incident) {
        return "{\"id\":\"" + id + "\",\"name\":\"" + incident.name() + "\",\"status\":\"" + incident.status()
                + "\",\"updates\":[]}";
    }

    @Override
    public void close() {
        receiver.close();
    }
}
