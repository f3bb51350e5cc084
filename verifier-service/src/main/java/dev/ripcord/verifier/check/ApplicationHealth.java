package dev.ripcord.verifier.check;

import dev.ripcord.databases.EnrolledDatabase.HttpCheck;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Occasion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Each configured address of the application answers with its status, asked again until it does or its time is over; one
 * answer may take half of it.
 */
@Singleton
class ApplicationHealth implements Check {

    private static final Duration AGAIN = Duration.ofMillis(100);
    private static final Duration SHORTEST_ATTEMPT = Duration.ofSeconds(2);
    private static final Duration SPARE = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(SHORTEST_ATTEMPT)
            .build();

    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.values());
    }

    @Override
    public String name() {
        return "application";
    }

    @Override
    public boolean applies(Context context, Occasion occasion) {
        return !context.database().checks().http().isEmpty();
    }

    @Override
    public Duration limit(Context context) {
        return context.database().checks().http().stream()
                .map(check -> Duration.ofSeconds(check.withinSeconds()))
                .reduce(Duration.ZERO, (one, other) -> one.compareTo(other) > 0 ? one : other)
                .plus(SPARE);
    }

    @Override
    public List<Finding> run(Context context) {
        List<CompletableFuture<Optional<Finding>>> asked = context.database().checks().http().stream()
                .map(check -> CompletableFuture.supplyAsync(
                        () -> ask(check),
                        each -> Thread.ofVirtual().name(check.name()).start(each)))
                .toList();
        return asked.stream()
                .map(CompletableFuture::join)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Finding> ask(HttpCheck check) {
        long deadline =
                System.nanoTime() + Duration.ofSeconds(check.withinSeconds()).toNanos();
        String found = "no answer";
        try {
            for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
                String answer = status(check, Duration.ofNanos(left));
                if (answer.equals("status " + check.status())) return Optional.empty();
                // what cut the last attempt short is our own deadline, and says less than the answer before it
                if (found.equals("no answer") || left > AGAIN.toNanos()) found = answer;
                Thread.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String expected = "status " + check.status() + " within " + check.withinSeconds() + " s";
        return Optional.of(new Finding(check.name() + " " + address(check), expected, found));
    }

    private String status(HttpCheck check, Duration left) throws InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(
                HttpRequest.newBuilder(check.url()).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        // one that hangs while the application starts is not the only one, and one that is slow has its time
        Duration half = Duration.ofSeconds(check.withinSeconds()).dividedBy(2);
        Duration attempt = half.compareTo(SHORTEST_ATTEMPT) < 0 ? SHORTEST_ATTEMPT : half;
        Duration limit = left.compareTo(attempt) < 0 ? left : attempt;
        try (InputStream unread =
                answer.get(limit.toMillis(), TimeUnit.MILLISECONDS).body()) {
            return "status " + answer.join().statusCode();
        } catch (TimeoutException e) {
            answer.cancel(true);
            return "no answer within " + limit.toMillis() + " ms";
        } catch (ExecutionException e) {
            return "no answer: " + e.getCause();
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    /** Without user, password and query, which may be secret. */
    private static String address(HttpCheck check) {
        int port = check.url().getPort();
        return check.url().getScheme() + "://" + check.url().getHost() + (port < 0 ? "" : ":" + port)
                + check.url().getPath();
    }
}
