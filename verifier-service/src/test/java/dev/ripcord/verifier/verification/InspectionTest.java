package dev.ripcord.verifier.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.EnrolledDatabase.Form;
import dev.ripcord.databases.EnrolledDatabase.Role;
import dev.ripcord.databases.EnrolledDatabase.Roles;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.EnrolledDatabase.SnapshotPolicy;
import dev.ripcord.databases.Secret;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class InspectionTest {

    private static final Finding WRONG = new Finding("subject", "this", "that");

    @Test
    void passes_only_where_every_check_passed() {
        assertThat(verdict(check("a", List::of), check("b", List::of))).isEqualTo(Verdict.passed);
        assertThat(verdict(check("a", List::of), check("b", () -> List.of(WRONG))))
                .isEqualTo(Verdict.failed);
        assertThat(verdict(check("a", List::of), check("b", InspectionTest::broken)))
                .isEqualTo(Verdict.inconclusive);
    }

    @Test
    void a_failure_is_told_before_what_is_not_known() {
        assertThat(verdict(check("a", InspectionTest::broken), check("b", () -> List.of(WRONG))))
                .isEqualTo(Verdict.failed);
    }

    @Test
    void nothing_asked_is_nothing_known() {
        assertThat(verdict()).isEqualTo(Verdict.inconclusive);
    }

    @Test
    void a_check_that_breaks_says_why() {
        CheckResult result = run(check("a", InspectionTest::broken)).getFirst();
        assertThat(result.verdict()).isEqualTo(Verdict.inconclusive);
        assertThat(result.findings()).containsExactly(new Finding("a", "an answer", "permission denied"));
    }

    @Test
    void what_a_check_found_counts_though_it_could_not_ask_everything() {
        List<CheckResult> results = run(check(
                "queries",
                () -> NotAllAnswered.each(List.of("away", "wrong", "well"), each -> each, each -> switch (each) {
                    case "away" -> throw new IllegalStateException("permission denied");
                    case "wrong" -> Optional.of(WRONG);
                    default -> Optional.empty();
                })));
        assertThat(results)
                .containsExactly(
                        new CheckResult(
                                "queries", Verdict.failed, results.getFirst().millis(), List.of(WRONG)),
                        new CheckResult(
                                "queries",
                                Verdict.inconclusive,
                                results.getLast().millis(),
                                List.of(new Finding("away", "an answer", "permission denied"))));
        assertThat(Inspection.verdict(results)).isEqualTo(Verdict.failed);
    }

    @Test
    void a_check_that_takes_too_long_is_left_behind_and_the_others_answer() {
        Instant began = Instant.now();
        List<CheckResult> results = run(check("endless", InspectionTest::endless), check("quick", List::of));
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(15));
        assertThat(results)
                .extracting(CheckResult::check, CheckResult::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("endless", Verdict.inconclusive),
                        org.assertj.core.groups.Tuple.tuple("quick", Verdict.passed));
        assertThat(results.getFirst().findings())
                .containsExactly(new Finding("endless", "an answer within 1 s", "none yet"));
    }

    @Test
    void no_more_than_a_hundred_findings_are_told() {
        assertThat(run(check("many", () -> Collections.nCopies(1000, WRONG)))
                        .getFirst()
                        .findings())
                .hasSize(100);
    }

    private static Verdict verdict(Check... checks) {
        return Inspection.verdict(run(checks));
    }

    private static List<CheckResult> run(Check... checks) {
        Role role = new Role("nobody", new Secret("NONE", null));
        EnrolledDatabase database = new EnrolledDatabase(
                "shop",
                Environment.development,
                new Server("nowhere", 0, "shop", null, "", null, null),
                new Roles(role, role, role, null),
                new SnapshotPolicy(Form.clone, false, null, 0, 0),
                null,
                null,
                null,
                null);
        Manifest manifest = new Manifest(
                "1", "18", "shop", Instant.EPOCH, "", List.of(), List.of(), List.of(), Map.of(), null, List.of());
        Context context = new Context(database, manifest, false, Map.of(), limit -> {
            throw new IllegalStateException("no session here");
        });
        return new Inspection(List.of(checks))
                .run(context, Occasion.verification)
                .results();
    }

    private static Check check(String name, Supplier<List<Finding>> run) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration limit(Context context) {
                return Duration.ofSeconds(1);
            }

            @Override
            public List<Finding> run(Context context) {
                return run.get();
            }
        };
    }

    private static List<Finding> broken() {
        throw new IllegalStateException("permission denied");
    }

    private static List<Finding> endless() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }
}
