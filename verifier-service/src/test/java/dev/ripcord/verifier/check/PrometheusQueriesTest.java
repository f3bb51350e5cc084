package dev.ripcord.verifier.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Checks;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.MetricCheck;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.verifier.Prometheus;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.NotAllAnswered;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusQueriesTest {

    private static final Instant TAKEN = Instant.parse("2026-03-14T02:00:00.500Z");

    @TempDir
    Path folder;

    private Prometheus prometheus;

    @BeforeEach
    void open() throws IOException {
        prometheus = new Prometheus(0);
    }

    @AfterEach
    void close() {
        prometheus.close();
    }

    @Test
    void the_value_is_held_against_the_one_from_before_the_migration() throws IOException {
        Secret token = new Secret(null, Files.writeString(folder.resolve("token"), "t0ken"));
        prometheus.now = "2.5";
        List<Finding> findings = new PrometheusQueries().run(context(check(token, null, 2.0, null), TAKEN));
        assertThat(findings).containsExactly(new Finding("errors", "at most 2.00000 times 1.00000", "2.50000"));
        assertThat(prometheus.asked())
                .containsExactly(
                        Map.of("query", "sum(rate(errors[5m])) or vector(0)"),
                        Map.of("query", "sum(rate(errors[5m])) or vector(0)", "time", "2026-03-14T02:00:00.500Z"));
        assertThat(prometheus.authorization).isEqualTo("Bearer t0ken");
    }

    @ParameterizedTest(name = "now {0}, then {1}, at most {2}, ratio {3} to {4}: well {5}")
    @CsvSource({
        "1.9,  1, ,    2.0,  ,    true",
        "2.1,  1, ,    2.0,  ,    false",
        "0.4,  1, ,    ,     0.5, false",
        "0.6,  1, ,    3.0,  0.5, true",
        "9,    9, 5.0, 2.0,  ,    false",
        "4,    9, 5.0, ,     ,    true",
        "0,    0, ,    2.0,  ,    true",
        "+Inf, 1, ,    2.0,  ,    false"
    })
    void ratios_and_limits_are_kept(
            String now,
            String then,
            @Nullable Double atMost,
            @Nullable Double most,
            @Nullable Double least,
            boolean well) {
        prometheus.now = now;
        prometheus.then = then;
        assertThat(new PrometheusQueries().run(context(check(null, atMost, most, least), TAKEN)))
                .hasSize(well ? 0 : 1);
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "400; {\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error\"}; bad_data parse error",
                "503; {\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"too slow\"}; 503 timeout too slow",
                "200; {\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}; 0 values where one is needed",
                "200; {\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{},{}]}}; 2 values where one is needed",
                "200; {\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}; no single value",
                "200; {\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"NaN\"]}}; no number",
                "200; <html>; Prometheus does not answer"
            })
    void what_it_cannot_say_is_no_verdict(int status, String body, String reason) {
        prometheus.status = status;
        prometheus.instead = body;
        assertThatThrownBy(() -> new PrometheusQueries().run(context(check(null, 1.0, null, null), TAKEN)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void one_that_it_cannot_say_keeps_no_other_from_being_asked() {
        prometheus.now = "7";
        MetricCheck nowhere = new MetricCheck("lag", URI.create("http://127.0.0.1:1"), null, "lag", 1.0, null, null);
        Context context = context(List.of(nowhere, check(null, 5.0, null, null)), TAKEN);
        assertThatThrownBy(() -> new PrometheusQueries().run(context))
                .isInstanceOfSatisfying(NotAllAnswered.class, some -> {
                    assertThat(some.findings()).extracting(Finding::subject).containsExactly("errors");
                    assertThat(some.unknown()).extracting(Finding::subject).containsExactly("lag");
                });
    }

    @Test
    void without_a_time_before_the_migration_or_with_nothing_there_then_a_ratio_says_nothing() {
        Context never = context(check(null, null, 2.0, null), Instant.EPOCH);
        assertThatThrownBy(() -> new PrometheusQueries().run(never))
                .hasMessageContaining("no time before the migration");
        prometheus.then = "0";
        Context nothing = context(check(null, null, 2.0, null), TAKEN);
        assertThatThrownBy(() -> new PrometheusQueries().run(nothing)).hasMessageContaining("use atMost");
    }

    private MetricCheck check(
            @Nullable Secret token, @Nullable Double atMost, @Nullable Double most, @Nullable Double least) {
        return new MetricCheck(
                "errors",
                URI.create(prometheus.address() + "/"),
                token,
                "sum(rate(errors[5m])) or vector(0)",
                atMost,
                most,
                least);
    }

    private static Context context(MetricCheck check, Instant takenAt) {
        return context(List.of(check), takenAt);
    }

    private static Context context(List<MetricCheck> checks, Instant takenAt) {
        Role role = new Role("nobody", new Secret("NOTHING", null));
        EnrolledDatabase database = new EnrolledDatabase(
                "shop",
                Environment.development,
                new Server("nowhere", 0, "shop", null, "", null, null),
                new Roles(role, role, role, null),
                new SnapshotPolicy(Form.clone, false, null, 0, 0),
                null,
                null,
                new Checks(null, null, checks),
                null);
        Manifest manifest = new Manifest(
                "1", "18", "shop", takenAt, "", List.of(), List.of(), List.of(), Map.of(), null, List.of());
        return new Context(database, manifest, false, Map.of(), limit -> {
            throw new IllegalStateException("no session here");
        });
    }
}
