package dev.ripcord.notifier.channel;

import dev.ripcord.databases.Secret;
import dev.ripcord.notifier.delivery.Outcome;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * One POST to an address from the configuration: within a limit, redirects not followed, only the beginning of the answer
 * read. No reason names the address, which is a secret.
 */
public final class Post {

    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final int LONGEST_WORDS = 120;

    private final HttpClient client;
    private final Duration limit;

    /** Posts that last no longer than {@code limit}, the answer included. */
    public Post(Duration limit) {
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .build();
    }

    /**
     * Posts a body.
     *
     * @param taken whether an answer with status 2xx and this beginning means that the message was taken
     */
    public Outcome send(Secret address, Map<String, String> headers, String body, Predicate<String> taken) {
        HttpRequest request;
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address.resolve()))
                    .header("User-Agent", "ripcord-notifier")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(builder::header);
            request = builder.build();
        } catch (IllegalArgumentException e) {
            return later("the channel's address is not a valid URL");
        } catch (IllegalStateException e) {
            return later(String.valueOf(e.getMessage()));
        }
        return send(request, taken);
    }

    private Outcome send(HttpRequest request, Predicate<String> taken) {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, head -> new FirstBytes());
        try {
            return outcome(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS), taken);
        } catch (TimeoutException e) {
            answer.cancel(true);
            return later("no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return later("no answer: " + cause.getClass().getSimpleName());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return later("interrupted");
        }
    }

    private static Outcome outcome(HttpResponse<String> answer, Predicate<String> taken) {
        int status = answer.statusCode();
        String said = "answered " + status + words(answer.body());
        if (status / 100 == 2) return taken.test(answer.body()) ? new Outcome.Accepted() : later(said);
        boolean passing = status == 408 || status == 425 || status == 429;
        if (status / 100 == 4 && !passing) return new Outcome.Never(said);
        return new Outcome.Later(said, rest(answer));
    }

    private static Outcome later(String reason) {
        return new Outcome.Later(reason, Optional.empty());
    }

    private static String words(String body) {
        String line = body.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.isEmpty()) return "";
        return ": " + (line.length() > LONGEST_WORDS ? line.substring(0, LONGEST_WORDS) + "…" : line);
    }

    /** Retry-After: seconds or a date (RFC 9110, 10.2.3), an hour at most. */
    private static Optional<Duration> rest(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .flatMap(Post::duration)
                .map(asked -> asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked);
    }

    private static Optional<Duration> duration(String value) {
        try {
            if (value.strip().matches("\\d{1,9}"))
                return Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())));
            Instant date = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), date);
            return left.isPositive() ? Optional.of(left) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
