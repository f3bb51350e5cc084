package dev.ripcord.rollback.hooks;

import jakarta.enterprise.context.ApplicationScoped;
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

/**
 * Calls the addresses that a database's enrolment names, with POST and a JSON body that says which rollback it is. A call
 * that fails does not stop a rollback: the fence protects the data without it; the failure is told.
 */
@ApplicationScoped
public class Hooks {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /** Calls one; in words how it went. */
    public String call(@Nullable URI hook, String database, String rollback) {
        return call(
                hook,
                rollback,
                new io.vertx.core.json.JsonObject().put("database", database).put("rollback", rollback));
    }

    /** Calls one with a body of its own; in words how it went. */
    public String call(@Nullable URI hook, String rollback, io.vertx.core.json.JsonObject body) {
        if (hook == null) return "no hook configured";
        HttpRequest request = HttpRequest.newBuilder(hook)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", rollback)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build();
        // the request's own limit ends with the headers of the answer: a body that never ends would be waited for
        CompletableFuture<HttpResponse<Void>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            int status = answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            return status / 100 == 2 ? "called, answered " + status : "FAILED: answered " + status;
        } catch (TimeoutException e) {
            answer.cancel(true);
            return "FAILED: no whole answer within " + LIMIT.toMillis() + " ms";
        } catch (ExecutionException e) {
            return "FAILED: " + e.getCause();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return "FAILED: interrupted";
        }
    }
}
