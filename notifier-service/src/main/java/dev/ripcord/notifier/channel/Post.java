package dev.ripcord.notifier.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One call to an address from the configuration: within a limit, redirects not followed, only the beginning of the answer
 * read. No reason names the address, which may be a secret.
 */
public final class Post {

    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final int LONGEST_WORDS = 120;

    /** Request timeout, too early, too many requests, and what Statuspage says for that. */
    private static final Set<Integer> PASSING = Set.of(408, 420, 425, 429);

    private static final ObjectMapper JSON = new ObjectMapper();

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
     * Posts a body to a secret address.
     *
     * @param taken whether an answer with status 2xx and this beginning means that the message was taken
     */
    public Outcome send(Secret address, Map<String, String> headers, String body, Predicate<String> taken) {
        return send(address, headers, body, taken, Reply.Refused::outcome);
    }

    /**
     * The same where the other side means something of its own by what it refuses with.
     *
     * @param refused what to make of an answer with another status
     */
    public Outcome send(
            Secret address,
            Map<String, String> headers,
            String body,
            Predicate<String> taken,
            Function<Reply.Refused, Outcome> refused) {
        URI to;
        try {
            to = URI.create(address.resolve());
        } catch (IllegalArgumentException e) {
            return later("the channel's address is not a valid URL");
        } catch (IllegalStateException e) {
            return later(String.valueOf(e.getMessage()));
        }
        return switch (exchange("POST", to, headers, body)) {
            case Reply.Ok ok -> taken.test(ok.body()) ? new Outcome.Accepted() : ok.unexpected();
            case Reply.Refused answer -> refused.apply(answer);
            case Reply.Silent silent -> silent.outcome();
        };
    }

    /** What keeps an address that is a secret from being called, before anything is tried: empty where nothing does. */
    public static List<String> problemsOfAddress(Secret address) {
        return problems(
                address,
                value -> {
                    try {
                        return HttpRequest.newBuilder(URI.create(value))
                                        .build()
                                        .uri()
                                        .getHost()
                                != null;
                    } catch (IllegalArgumentException e) {
                        return false;
                    }
                },
                "its address is not a URL that can be called: http or https, and a host name without underscores");
    }

    /** What keeps a secret from being used: empty where nothing does. */
    public static List<String> problems(Secret secret) {
        return problems(secret, value -> !value.isBlank(), "a secret of it is empty");
    }

    /** The same of one that must be of a form; {@code otherwise} says of which. */
    public static List<String> problems(Secret secret, Predicate<String> usable, String otherwise) {
        try {
            return usable.test(secret.resolve()) ? List.of() : List.of(otherwise);
        } catch (IllegalStateException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /** How long one call may last. */
    public Duration limit() {
        return limit;
    }

    /** Does work that needs a secret, where it is to be had. */
    public static Outcome with(Secret secret, Function<String, Outcome> work) {
        String value;
        try {
            value = secret.resolve();
        } catch (IllegalStateException e) {
            return later(String.valueOf(e.getMessage()));
        }
        return work.apply(value);
    }

    /** Calls with a record, a map or a list as JSON. */
    public Reply call(String method, URI address, Map<String, String> headers, Object body) {
        try {
            return exchange(method, address, headers, JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps of texts are writable as JSON", e);
        }
    }

    /** Asks for something. */
    public Reply get(URI address, Map<String, String> headers) {
        return exchange("GET", address, headers, "");
    }

    /** Calls with a body, or with none where it is empty. */
    private Reply exchange(String method, URI address, Map<String, String> headers, String body) {
        HttpRequest request;
        try {
            HttpRequest.Builder builder = HttpRequest.newBuilder(address)
                    .header("User-Agent", "ripcord-notifier")
                    .method(
                            method,
                            body.isEmpty()
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(builder::header);
            request = builder.build();
        } catch (IllegalArgumentException e) {
            return new Reply.Silent(later("the channel's address or token cannot be used"));
        }
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, head -> new FirstBytes());
        try {
            return reply(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Reply.Silent(later("no answer within " + limit.toMillis() + " ms"));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Reply.Silent(later("no answer: " + cause.getClass().getSimpleName()));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Silent(later("interrupted"));
        }
    }

    private static Reply reply(HttpResponse<String> answer) {
        int status = answer.statusCode();
        String said = "answered " + status + words(answer.body());
        if (status / 100 == 2) return new Reply.Ok(answer.body(), said, rest(answer));
        boolean passing = PASSING.contains(status);
        if (status / 100 == 4 && !passing) return new Reply.Refused(status, new Outcome.Never(said));
        return new Reply.Refused(status, new Outcome.Later(said, rest(answer)));
    }

    private static Outcome later(String reason) {
        return new Outcome.Later(reason, Optional.empty());
    }

    private static String words(String body) {
        String line = body.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        if (line.isEmpty()) return "";
        if (line.length() <= LONGEST_WORDS) return ": " + line;
        // half of a character cannot be told
        return ": " + line.substring(0, LONGEST_WORDS).replaceFirst("[\\uD800-\\uDBFF]$", "") + "…";
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
