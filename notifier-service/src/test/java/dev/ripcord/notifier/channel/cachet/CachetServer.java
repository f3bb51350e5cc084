package dev.ripcord.notifier.channel.cachet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import dev.ripcord.notifier.channel.PublicPageContract;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Cachet 3 with one component, as far as incidents go: JSON:API documents, anybody may read, who writes needs a token,
 * 422 where a field is missing or wrong, 302 to a form where the answer is not asked for as JSON, as Laravel does.
 */
final class CachetServer implements PublicPageContract.Provider {

    static final String TOKEN = "1|Fq0mXvD5r2pYw9cJkLs7TzHb3NgUe8AoRiQtVxBy";

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Incident(String name, int status, int told) {}

    private final Map<Integer, Incident> incidents = new LinkedHashMap<>();
    private final Receiver receiver;
    private int component = 1;

    CachetServer() throws IOException {
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
        return String.valueOf(component);
    }

    private synchronized Said answer(Request request) {
        if (request.method().equals("GET")) return list(request);
        if (!request.header("authorization").equals("Bearer " + TOKEN)) {
            return new Said(401, "{\"message\":\"Unauthenticated.\"}");
        }
        if (!request.header("accept").contains("json")) return new Said(302, Map.of("Location", "/login"), "");
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return invalid();
        }
        int status = body.path("status").asInt(-1);
        if (request.path().equals("/api/components/3") && request.method().equals("PUT")) {
            if (status < 1 || status > 6) return invalid();
            component = status;
            return new Said(200, "{\"data\":{\"id\":\"3\",\"type\":\"components\"}}");
        }
        boolean whole = status >= 0 && status <= 4 && body.path("message").isTextual();
        if (!whole) return invalid();
        if (request.path().equals("/api/incidents")) return open(body, status);
        return update(request.path(), status);
    }

    private Said list(Request request) {
        String query = URLDecoder.decode(request.query(), StandardCharsets.UTF_8);
        String part = query.replaceFirst(".*filter\\[name\\]=", "").replaceFirst("&.*", "");
        List<String> found = incidents.entrySet().stream()
                .filter(each -> each.getValue().name().contains(part))
                .map(each -> resource(each.getKey(), each.getValue()))
                .toList();
        return new Said(200, "{\"data\":" + found + ",\"links\":{},\"meta\":{}}");
    }

    private Said open(JsonNode body, int status) {
        String name = body.path("name").asText();
        if (name.isEmpty() || name.length() > 255 || !body.path("visible").isBoolean()) return invalid();
        int id = incidents.size() + 1;
        Incident incident = new Incident(name, status, 1);
        incidents.put(id, incident);
        return new Said(201, "{\"data\":" + resource(id, incident) + "}");
    }

    private Said update(String path, int status) {
        if (!path.matches("/api/incidents/\\d+/updates")) return new Said(404, "{\"message\":\"\"}");
        int id = Integer.parseInt(path.replaceAll("\\D", ""));
        Incident old = incidents.get(id);
        if (old == null) return new Said(404, "{\"message\":\"No query results for model\"}");
        incidents.put(id, new Incident(old.name(), status, old.told() + 1));
        return new Said(201, "{\"data\":{\"id\":\"9\",\"type\":\"updates\"}}");
    }

    private static String resource(int id, Incident incident) {
        return "{\"id\":\"" + id + "\",\"type\":\"incidents\",\"attributes\":{\"id\":" + id + ",\"name\":\""
                + incident.name() + "\"}}";
    }

    private static Said invalid() {
        return new Said(422, "{\"message\":\"The given data was invalid.\",\"errors\":{}}");
    }

    @Override
    public void close() {
        receiver.close();
    }
}
