package dev.ripcord.verifier.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.verifier.watch.WatchState.Watching;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a watch makes of one look after another; queries were verified just before the first, metrics never. */
class HealthTest {

    private Watching watching = Watching.from(Instant.now(), "s1", false);
    private Verdict verdict = Verdict.inconclusive;

    @Test
    void one_entry_that_is_not_well_hides_no_other() {
        assertThat(look(failed("queries", "orders"))).containsExactly("orders");
        assertThat(look(failed("queries", "orders"))).isEmpty();
        assertThat(look(failed("queries", "orders", "login"))).containsExactly("login");
        assertThat(look(failed("queries", "login"))).isEmpty();
        assertThat(look(failed("queries", "orders", "login"))).containsExactly("orders");
        assertThat(look(passed("queries"))).isEmpty();
        assertThat(look(failed("queries", "login"))).containsExactly("login");
    }

    @Test
    void what_was_well_and_has_no_answer_three_times_running_is_not_well_until_it_answers() {
        CheckResult away = inconclusive("queries", "queries");
        assertThat(look(away)).isEmpty();
        assertThat(look(away)).isEmpty();
        assertThat(look(passed("queries"))).as("it began anew").isEmpty();
        assertThat(look(away)).isEmpty();
        assertThat(look(away)).isEmpty();
        assertThat(look(away)).containsExactly("queries");
        assertThat(verdict).as("nobody must take it for resolved").isEqualTo(Verdict.failed);
        assertThat(look(away)).isEmpty();
        assertThat(look(passed("queries"))).isEmpty();
        assertThat(verdict).isEqualTo(Verdict.passed);
    }

    @Test
    void a_database_that_is_back_and_not_well_is_told_beside_that_it_was_away() {
        for (int i = 0; i < 3; i++) look(inconclusive("queries", "queries"));
        assertThat(look(failed("queries", "orders"))).containsExactly("orders");
    }

    @Test
    void one_entry_without_an_answer_counts_by_itself() {
        look(passed("queries"));
        CheckResult one = inconclusive("queries", "lag");
        look(failed("queries", "errors"), one);
        look(failed("queries", "errors"), one);
        assertThat(look(failed("queries", "errors"), one)).containsExactly("lag");
    }

    @Test
    void metrics_without_an_answer_are_no_regress() {
        look(passed("metrics"));
        for (int i = 0; i < 5; i++)
            assertThat(look(inconclusive("metrics", "lag"))).isEmpty();
    }

    @Test
    void what_never_had_an_answer_was_not_well() {
        for (int i = 0; i < 5; i++)
            assertThat(look(inconclusive("queries", "lag"))).isEmpty();
    }

    @Test
    void what_was_never_well_is_no_regress_for_want_of_an_answer_nor_before_its_time_is_over() {
        for (int i = 0; i < 4; i++) {
            assertThat(look(failed("metrics", "errors"), inconclusive("metrics", "lag")))
                    .isEmpty();
        }
        assertThat(ending(failed("metrics", "errors"), inconclusive("metrics", "lag")))
                .containsExactly("errors");
        assertThat(look(failed("metrics", "lag"))).as("never well at all").isEmpty();
        assertThat(look(passed("metrics"))).isEmpty();
        assertThat(look(failed("metrics", "lag"))).containsExactly("lag");
    }

    @Test
    void metrics_that_nobody_could_ever_ask_are_no_regress() {
        for (int i = 0; i < 5; i++)
            assertThat(look(inconclusive("metrics", "metrics"))).isEmpty();
        assertThat(verdict).isEqualTo(Verdict.inconclusive);
    }

    @Test
    void what_is_not_looked_at_any_more_is_not_held_against_the_rest() {
        look(passed("queries"), failed("application", "front"));
        assertThat(look(passed("queries"))).isEmpty();
        assertThat(verdict).isEqualTo(Verdict.passed);
    }

    private List<String> look(CheckResult... results) {
        return look(false, results);
    }

    private List<String> ending(CheckResult... results) {
        return look(true, results);
    }

    /** The subjects of what counts as regressed. */
    private List<String> look(boolean last, CheckResult... results) {
        Health health = Health.before(watching, Set.of("queries", "application"));
        List<CheckResult> regressed = health.regressed(List.of(results), last);
        watching = health.after(watching, true, watching.looks() + 1, 0);
        verdict = health.verdict(List.of(results));
        return regressed.stream()
                .flatMap(result -> result.findings().stream())
                .map(Finding::subject)
                .toList();
    }

    private static CheckResult passed(String check) {
        return new CheckResult(check, Verdict.passed, 1, List.of());
    }

    private static CheckResult failed(String check, String... subjects) {
        return new CheckResult(check, Verdict.failed, 1, findings(subjects));
    }

    private static CheckResult inconclusive(String check, String... subjects) {
        return new CheckResult(check, Verdict.inconclusive, 1, findings(subjects));
    }

    private static List<Finding> findings(String... subjects) {
        return Stream.of(subjects)
                .map(each -> new Finding(each, "this", "that"))
                .toList();
    }
}
