package dev.ripcord.command.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks one service over HTTP, with somebody's token. */
public final class ServiceClient implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(75);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String base;
    private final String token;

    /** At an address, which may have a path before those of the service. */
    public ServiceClient(URI base, String token) {
        this.base = base.toString().replaceFirst("/+$", "");
        this.token = token;
    }

    /** What a service answered; a body that is no JSON is a text node. */
    public record Answer(int status, JsonNode body) {

        /** Whether it did what was asked, or found what was asked for. */
        public boolean good() {
            return status >= 200 && status < 300;
        }

        /** A field as text, or the empty one. */
        public String text(String field) {
            return body.path(field).asText("");
        }
    }

    public Answer get(String path) throws IOException {
        return send(request(path).GET().build());
    }

    /** Posts a JSON object, or nothing. */
    public Answer post(String path, @Nullable Map<String, ?> body) throws IOException {
        byte[] json = body == null ? new byte[0] : KafkaBinding.JSON.writeValueAsBytes(body);
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(json))
                .build());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(LIMIT)
                .header("Accept", "application/json, */*;q=0.5")
                .header("Authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return new Answer(answer.statusCode(), parsed(answer.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static JsonNode parsed(String body) {
        try {
            JsonNode node = KafkaBinding.JSON.readTree(body);
            return node == null ? JsonNodeFactory.instance.missingNode() : node;
        } catch (IOException e) {
            return JsonNodeFactory.instance.textNode(body);
        }
    }
}
