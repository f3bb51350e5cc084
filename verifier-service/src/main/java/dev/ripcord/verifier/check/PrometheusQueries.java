package dev.ripcord.verifier.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.databases.EnrolledDatabase.MetricCheck;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.verification.Check;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.NotAllAnswered;
import dev.ripcord.verifier.verification.Occasion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The value of each configured PromQL expression is as it was when the snapshot was taken, before the migration: Prometheus
 * is asked for both by <a href="https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries">/api/v1/query</a>.
 * What it cannot say of one is inconclusive, and keeps nothing else from being asked.
 */
@Singleton
class PrometheusQueries implements Check {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST = 1 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(LIMIT)
            .build();

    @Override
    public String name() {
        return "metrics";
    }

    /** Rates need time to come back: right after a rollback they still show what went before. */
    @Override
    public Set<Occasion> occasions() {
        return Set.of(Occasion.watch);
    }

    @Override
    public boolean applies(Context context, Occasion occasion) {
        return !context.database().checks().promql().isEmpty();
    }

    @Override
    public Duration limit(Context context) {
        return LIMIT.multipliedBy(2L * context.database().checks().promql().size())
                .plusSeconds(1);
    }

    @Override
    public List<Finding> run(Context context) {
        return NotAllAnswered.each(
                context.database().checks().promql(),
                MetricCheck::name,
                check -> judge(check, context.manifest().takenAt()));
    }

    private Optional<Finding> judge(MetricCheck check, Instant before) {
        double now = value(check, null);
        Double atMost = check.atMost();
        if (atMost != null && now > atMost) return finding(check, "at most " + text(atMost), now);
        if (check.atMostRatio() == null && check.atLeastRatio() == null) return Optional.empty();
        if (before.equals(Instant.EPOCH)) {
            throw new IllegalStateException(check.name() + ": there is no time before the migration to compare with");
        }
        double then = value(check, before);
        if (then == 0 && now == 0) return Optional.empty();
        if (then == 0) {
            throw new IllegalStateException(
                    check.name() + ": it was 0 before the migration, so there is no ratio: use atMost");
        }
        Double most = check.atMostRatio();
        if (most != null && now > then * most) {
            return finding(check, "at most " + text(most) + " times " + text(then), now);
        }
        Double least = check.atLeastRatio();
        if (least != null && now < then * least) {
            return finding(check, "at least " + text(least) + " times " + text(then), now);
        }
        return Optional.empty();
    }

    private static Optional<Finding> finding(MetricCheck check, String expected, double found) {
        return Optional.of(new Finding(check.name(), expected, text(found)));
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    private double value(MetricCheck check, @Nullable Instant at) {
        String form = "query=" + URLEncoder.encode(check.query(), StandardCharsets.UTF_8)
                + (at == null ? "" : "&time=" + URLEncoder.encode(at.toString(), StandardCharsets.UTF_8));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(check.prometheus().toString().replaceAll("/+$", "") + "/api/v1/query"))
                .timeout(LIMIT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (check.token() != null) {
            request.header("Authorization", "Bearer " + check.token().resolve());
        }
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return value(check, answer.statusCode(), KafkaBinding.JSON.readTree(body.readNBytes(LONGEST)));
            }
        } catch (IOException e) {
            throw new IllegalStateException(check.name() + ": Prometheus does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static double value(MetricCheck check, int status, JsonNode answer) {
        if (status != 200 || !answer.path("status").asText().equals("success")) {
            throw new IllegalStateException(check.name() + ": Prometheus answered " + status + " "
                    + answer.path("errorType").asText() + " "
                    + answer.path("error").asText());
        }
        JsonNode result = answer.at("/data/result");
        JsonNode sample = switch (answer.at("/data/resultType").asText()) {
            case "scalar" -> result;
            case "vector" -> only(check, result).path("value");
            default -> throw new IllegalStateException(check.name() + ": the expression has no single value now");
        };
        double value = Double.parseDouble(sample.path(1).asText("NaN").replace("+Inf", "Infinity"));
        if (Double.isNaN(value)) throw new IllegalStateException(check.name() + ": the value is no number");
        return value;
    }

    private static JsonNode only(MetricCheck check, JsonNode series) {
        if (series.size() == 1) return series.get(0);
        throw new IllegalStateException(check.name() + ": " + series.size() + " values where one is needed");
    }
}
