package dev.ripcord.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(Infrastructure.class)
class VerifierTest {

    private static final String SHOP = "enrolled-shop";

    private final String snapshot = UUID.randomUUID().toString();
    private String verification = UUID.randomUUID().toString();
    private Asker suite;

    @BeforeEach
    void connect() {
        suite = new Asker();
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        suite.close();
    }

    @Test
    void a_database_that_is_as_it_was_passes() {
        suite.send(proven(SHOP));
        suite.send(requested(SHOP, false));
        assertThat(verdict(VerificationEvent.Passed.class).checks())
                .extracting(CheckResult::check)
                .containsExactly(
                        "constraints",
                        "database properties",
                        "foreign keys",
                        "indexes",
                        "policies",
                        "queries",
                        "schema",
                        "sequences");
    }

    @Test
    void content_is_compared_where_it_is_asked_for() {
        suite.send(proven(SHOP));
        change("update customer set name = name || '!' where id = 50");
        try {
            suite.send(requested(SHOP, true));
            assertThat(verdict(VerificationEvent.Failed.class).checks())
                    .filteredOn(check -> check.verdict() != Verdict.passed)
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.check()).isEqualTo("content");
                        assertThat(check.findings())
                                .singleElement()
                                .satisfies(
                                        finding -> assertThat(finding.subject()).isEqualTo("public.customer"));
                    });
        } finally {
            change("update customer set name = rtrim(name, '!') where id = 50");
        }
    }

    @Test
    void what_was_asked_two_days_ago_is_not_looked_at_any_more() {
        suite.send(proven(SHOP));
        String asked = verification;
        suite.sendAsOf(Instant.now().minus(Duration.ofDays(2)), requested(SHOP, false));
        verification = UUID.randomUUID().toString();
        suite.send(requested(SHOP, false));
        verdict(VerificationEvent.Passed.class);
        verification = asked;
        assertThat(get("a token")).doesNotContain("\"requested\"", "\"judged\"");
    }

    @Test
    void a_request_waits_for_the_manifest() {
        suite.send(requested(SHOP, false));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(get("a token")).contains("\"requested\""));
        suite.send(proven(SHOP));
        assertThat(verdict(VerificationEvent.Passed.class).rollback()).isEqualTo("r1");
    }

    @Test
    void properties_of_the_database_that_were_changed_since_do_not_count_where_only_what_is_in_it_was_put_back() {
        suite.send(proven(SHOP));
        change("alter database enrolled_shop connection limit 77");
        try {
            suite.send(new VerificationEvent.Requested(SHOP, verification, "r1", snapshot, false, false, true));
            assertThat(verdict(VerificationEvent.Passed.class).checks())
                    .extracting(CheckResult::check)
                    .contains("schema")
                    .doesNotContain("database properties");
            verification += "-all";
            suite.send(requested(SHOP, false));
            assertThat(verdict(VerificationEvent.Failed.class).checks())
                    .filteredOn(check -> check.verdict() == Verdict.failed)
                    .extracting(CheckResult::check)
                    .containsExactly("database properties");
        } finally {
            change("alter database enrolled_shop connection limit -1");
        }
    }

    @Test
    void a_request_whose_manifest_never_comes_is_inconclusive() {
        suite.send(requested(SHOP, false));
        assertThat(verdict(VerificationEvent.Inconclusive.class).checks())
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.check()).isEqualTo("manifest");
                    assertThat(check.findings().getFirst().expected())
                            .isEqualTo("the manifest of snapshot " + snapshot);
                });
    }

    @Test
    void a_server_that_was_not_enrolled_for_it_is_not_judged() {
        suite.send(proven("stranger"));
        suite.send(requested("stranger", false));
        assertThat(verdict(VerificationEvent.Inconclusive.class).checks())
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.check()).isEqualTo("identity");
                    assertThat(check.findings().getFirst().found()).contains("not enrolled");
                });
    }

    @Test
    void a_database_that_nobody_enrolled_is_not_judged() {
        suite.send(requested("unknown", false));
        assertThat(verdict(VerificationEvent.Inconclusive.class).checks())
                .singleElement()
                .satisfies(check -> assertThat(check.check()).isEqualTo("enrolment"));
    }

    @Test
    void asking_twice_is_asking_once_and_everybody_who_may_look_sees_the_verdict() throws Exception {
        suite.send(proven(SHOP));
        change("drop index orders_by_customer");
        try {
            suite.send(requested(SHOP, false));
            suite.send(requested(SHOP, false));
            VerificationEvent.Failed failed = verdict(VerificationEvent.Failed.class);
            assertThat(failed.checks())
                    .filteredOn(check -> check.verdict() == Verdict.failed)
                    .extracting(CheckResult::check)
                    .containsExactly("indexes", "schema");
            JsonNode seen = KafkaBinding.JSON.readTree(get("a token"));
            assertThat(seen.get("verdict").asText()).isEqualTo("failed");
            assertThat(seen.get("checks")).hasSize(failed.checks().size());
            assertThat(get("another token")).doesNotContain("verdict");
        } finally {
            change("create index orders_by_customer on public.orders (customer)");
        }
        suite.send(requestedAs(verification + "-last", SHOP));
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(suite.heard())
                        .anySatisfy(event -> assertThat(event.verification()).isEqualTo(verification + "-last")));
        assertThat(suite.heard().stream().filter(event -> event.verification().equals(verification)))
                .hasSize(1);
    }

    private SnapshotEvent proven(String database) {
        Manifest manifest;
        try {
            Path file = ConfigProvider.getConfig().getValue("test.manifest", Path.class);
            manifest = KafkaBinding.JSON.readValue(file.toFile(), Manifest.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Shadow shadow = new Shadow("enrolled_shop__shadow_1", 1, "1", manifest.systemIdentifier());
        return new SnapshotEvent.Proven(database, snapshot, "v1", "clone", Instant.now(), shadow, manifest, 1);
    }

    private VerificationEvent requested(String database, boolean content) {
        return new VerificationEvent.Requested(database, verification, "r1", snapshot, content);
    }

    private VerificationEvent requestedAs(String id, String database) {
        return new VerificationEvent.Requested(database, id, "r1", snapshot, false);
    }

    private <E extends VerificationEvent> E verdict(Class<E> type) {
        VerificationEvent event = await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(10))
                .until(
                        () -> suite.heard().stream()
                                .filter(each -> each.verification().equals(verification))
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }

    private String get(String token) {
        URI address =
                ConfigProvider.getConfig().getValue("test.url", URI.class).resolve("/verifications/" + verification);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void change(String sql) {
        try (Connection connection = EmbeddedInfrastructure.shared().postgres().connect("enrolled_shop");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
