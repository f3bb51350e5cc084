package dev.ripcord.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.eclipse.microprofile.config.ConfigProvider;

/** The status page as somebody without any token sees it. */
final class ShownPage {

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI page = ConfigProvider.getConfig().getValue("test.url", URI.class);

    String html() {
        return get("/");
    }

    /** A rollback in one of the lists, {@code open} or {@code past}; a missing node where it is not there. */
    JsonNode incident(String list, String rollback) {
        for (JsonNode incident : json(get("/status.json")).get(list)) {
            if (incident.get("rollback").asText().equals(rollback)) return incident;
        }
        return MissingNode.getInstance();
    }

    static JsonNode json(String text) {
        try {
            return KafkaBinding.JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    private String get(String path) {
        return send("GET", path, "").body();
    }

    /** Sends a request, with a token where one is given. */
    HttpResponse<String> send(String method, String path, String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(page.resolve(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
