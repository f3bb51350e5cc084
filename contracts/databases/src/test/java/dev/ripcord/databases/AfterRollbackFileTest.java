package dev.ripcord.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ripcord.databases.EnrolledDatabase.WatchPolicy;
import dev.ripcord.databases.Targets.Phase;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code databases.yaml} says of the time after a rollback, and of those who approve in Slack. */
class AfterRollbackFileTest {

    private static final String FILE = """
            databases:
              - id: shop
                environment: staging
                server: { host: localhost, database: shop, marker: 5a2e4c1c-7a39-4b0e-8f68-6a3b3f1f2b22 }
                roles:
                  snapshot: { user: a, password: { env: A } }
                  rollback: { user: b, password: { env: B } }
                  verifier: { user: c, password: { env: C } }
                snapshot: { form: clone }
                rollback: { escalateAfterSeconds: 600 }
                targets: { plan: PT5S, outage: PT0.5S, requestToOutcome: PT15M }
                watch: { closeSeconds: 60, longEverySeconds: 1800 }
                checks:
                  promql:
                    - { name: errors, prometheus: "https://prometheus.example.org", query: "sum(rate(errors[5m]))", atMostRatio: 2 }
            slack:
              signingSecret: { env: SLACK_SIGNING_SECRET }
              token: { env: SLACK_BOT_TOKEN }
              people:
                U0123456789: { name: ann }
                U9876543210: { name: ben, role: approver }
            """;

    @TempDir
    Path folder;

    @Test
    void targets_watches_and_people_are_read_with_what_is_left_out() throws IOException {
        Databases read = read(FILE);
        EnrolledDatabase shop = read.find("shop").orElseThrow();
        assertThat(shop.rollback().escalateAfter()).isEqualTo(Duration.ofMinutes(10));
        assertThat(shop.targets().limits())
                .isEqualTo(Map.of(
                        Phase.plan, Duration.ofSeconds(5),
                        Phase.outage, Duration.ofMillis(500),
                        Phase.requestToOutcome, Duration.ofMinutes(15)));
        assertThat(shop.targets().of(Phase.approval)).isEmpty();
        assertThat(shop.watch()).isEqualTo(new WatchPolicy(60, 30, 86_400, 1800));
        assertThat(shop.checks().promql())
                .containsExactly(new EnrolledDatabase.MetricCheck(
                        "errors",
                        URI.create("https://prometheus.example.org"),
                        null,
                        "sum(rate(errors[5m]))",
                        null,
                        2.0,
                        null));
        SlackApp slack = Objects.requireNonNull(read.slack());
        assertThat(slack.address()).hasToString("https://slack.com/api");
        assertThat(slack.who("U0123456789")).contains(new SlackApp.Known("ann", null));
        assertThat(slack.who("U9876543210")).contains(new SlackApp.Known("ben", "approver"));
        assertThat(slack.who("U1")).isEmpty();
    }

    @Test
    void without_them_nothing_is_promised_and_it_is_watched_for_ten_minutes_and_a_day() throws IOException {
        Databases read = read(
                FILE.replaceAll("(?m)^    (targets|watch|rollback):.*\n", "").replaceAll("(?s)    checks:.*", ""));
        EnrolledDatabase shop = read.find("shop").orElseThrow();
        assertThat(shop.targets()).isEqualTo(Targets.NONE);
        assertThat(shop.watch()).isEqualTo(new WatchPolicy(600, 30, 86_400, 900));
        assertThat(shop.rollback().escalateAfter()).isEqualTo(Duration.ofMinutes(15));
        assertThat(read.slack()).isNull();
    }

    @ParameterizedTest(name = "{1} is refused")
    @CsvSource(delimiter = '|', textBlock = """
                    outage: PT0.5S         | outage: 500            | databases.0.targets.outage
                    plan: PT5S             | swap: PT5S             | databases.0.targets.swap
                    closeSeconds: 60       | closeSeconds: 0        | databases.0.watch.closeSeconds
                    , atMostRatio: 2       | ''                     | databases.0.checks.promql.0
                    U9876543210            | ben                    | slack.people
                    role: approver         | role: king             | slack.people.U9876543210.role
                    """)
    void a_mistake_is_named_with_its_field(String right, String wrong, String field) {
        assertThatThrownBy(() -> read(FILE.replace(right, wrong)))
                .isInstanceOf(InvalidDatabasesException.class)
                .hasMessageContaining(field);
    }

    private Databases read(String text) throws IOException {
        return Databases.read(Files.writeString(folder.resolve("databases.yaml"), text));
    }
}
