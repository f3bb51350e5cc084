package dev.ripcord.rollback.hold;

import dev.ripcord.databases.Secret;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** HTTP calls to a system that delivers, each with a limit of time; what is not answered with 2xx throws with the reason. */
final class Calls {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long MOST_BYTES = 4 << 20;
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final @Nullable Secret token;

    Calls(@Nullable Secret token) {
        this.token = token;
    }

    JsonObject call(String method, URI address, String rollback, @Nullable JsonObject body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", rollback)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (token != null) request.header("Authorization", "Bearer " + token.resolve());
        // the request's own limit ends with the headers of the answer: a body that never ends would be waited for
        CompletableFuture<HttpResponse<String>> coming = HTTP.sendAsync(
                request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
        try {
            HttpResponse<String> answer = coming.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            JsonObject json = json(answer.body());
            if (answer.statusCode() / 100 == 2) return json;
            String reason = json.getString("message", json.getString("error", ""));
            throw new IllegalStateException(method + " " + address + " answered " + answer.statusCode()
                    + (reason.isEmpty() ? "" : ": " + reason));
        } catch (TimeoutException e) {
            coming.cancel(true);
            throw new IllegalStateException(
                    method + " " + address + ": no whole answer within " + LIMIT.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(method + " " + address + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            coming.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonObject json(String body) {
        try {
            return body.startsWith("{") ? new JsonObject(body) : new JsonObject();
        } catch (DecodeException e) {
            return new JsonObject();
        }
    }
}
