package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {

    private static final String GOOD = """
            rules:
              - name: running
                guard: true
                when: { migration: [running] }
                then: { decision: refuse, reason: It runs., wayOut: Wait. }
              - name: back
                when: { signals: [dataLost], atLeastSince: PT1H, lessThanSince: PT2H, atLeastRows: 1, fewerRows: 9 }
                then: { decision: rollBack, methods: [full, down], byItself: [staging], reason: Gone. }
              - name: mend
                when: { signals: [dataLost, dataWrong], asked: [nothing, full], freeze: false }
                then: { decision: fixForward, forwardFix: Mend., overridable: true, methods: [full], reason: Small. }
              - name: rest
                then: { decision: watch, watchFor: PT1H, reason: Quiet. }
            """;

    @Test
    void a_good_policy_is_read() {
        assertThat(Policy.read("mine.yaml", GOOD).names()).containsExactly("running", "back", "mend", "rest");
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "freeze: false        | frozen: false        | :10: rules.2.when.frozen: there is no such field; known are",
                "watchFor: PT1H,      | watchFur: PT1H,      | :13: rules.3.then.watchFur: there is no such field",
                "signals: [dataLost], | signals: [dataLots], | :7: rules.1.when.signals.0: ",
                "asked: [nothing,     | asked: [nobody,      | :10: rules.2.when.asked.0: ",
                "methods: [full, down] | methods: [full, up] | :8: rules.1.then.methods.1: ",
                "watchFor: PT1H       | watchFor: soon       | :13: rules.3.then.watchFor: ",
                "freeze: false        | freeze: nearly       | :10: rules.2.when.freeze: ",
                "decision: watch      | decision: 2          | :13: rules.3.then.decision: ",
                "`reason: Quiet.`     | `reason: Quiet., reason: Loud.` | :13: ",
                "`  - name: rest\n    then` | `  - then`    | Missing required creator property 'name'",
                "`, reason: Quiet.`   | ``                   | Missing required creator property 'reason'",
                "name: mend           | name: back           | : rules.2 (back).name: another rule has it",
                "reason: Small.       | reason: ' '          | : rules.2 (mend).then.reason: is empty",
                "signals: [dataLost], | signals: [],         | : rules.1 (back).when.signals: can never hold",
                "lessThanSince: PT2H  | lessThanSince: PT1H  | : rules.1 (back).when.lessThanSince: can never hold",
                "fewerRows: 9         | fewerRows: 1         | : rules.1 (back).when.fewerRows: can never hold",
                "`methods: [full, down], ` | ``              | : rules.1 (back).then.methods: is missing",
                "methods: [full, down] | methods: [full, full] | : rules.1 (back).then.methods: one method is there twice",
                "byItself: [staging]  | byItself: [production] | : rules.1 (back).then.byItself: no rollback begins by itself in production",
                "overridable: true, methods: [full] | byItself: [staging] | : rules.2 (mend).then.byItself: only a rollback can begin by itself",
                "overridable: true    | overridable: false   | : rules.2 (mend).then.methods: has no meaning for this decision",
                "byItself: [staging]  | overridable: true    | : rules.1 (back).then.overridable: a rollback needs no overriding",
                "`forwardFix: Mend., ` | ``                  | : rules.2 (mend).then.forwardFix: is missing",
                "`watchFor: PT1H, `   | ``                   | : rules.3 (rest).then.watchFor: is missing",
                "watchFor: PT1H       | watchFor: PT0S       | : rules.3 (rest).then.watchFor: must be longer than nothing",
                "wayOut: Wait.        | overridable: true    | : rules.0 (running).then.wayOut: is missing",
                "wayOut: Wait.        | `wayOut: Wait., overridable: true, methods: [full]` | : rules.0 (running).guard: a guard refuses and cannot be overridden",
                "guard: true          | guard: false         | : rules: a guard must refuse while the migration is running",
                "`  - name: mend\n`   | `  - name: mend\n    guard: true\n` | : rules: guards stand before all other rules",
                "`when: { signals: [dataLost], atLeastSince: PT1H, lessThanSince: PT2H, atLeastRows: 1, fewerRows: 9 }` | `when: { asked: [full, nothing] , signals: [dataLost, dataWrong]}` | : rules.2 (mend).when: this rule is never reached: back holds wherever it would",
                "`when: { migration: [running] }` | `when: {}`  | : rules.1 (back).when: this rule is never reached: running holds wherever it would",
                "`  - name: rest\n`   | `  - name: rest\n    when: { freeze: true }\n` | : rules: the last rule must have no conditions",
            })
    void a_mistake_is_named_with_its_line_or_rule_and_its_field(String good, String bad, String message) {
        assertThat(GOOD).contains(good);
        assertThatThrownBy(() -> Policy.read("mine.yaml", GOOD.replace(good, bad == null ? "" : bad)))
                .isInstanceOf(InvalidPolicyException.class)
                .message()
                .contains("mine.yaml")
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"''", "rules:", "rules: []", "- a", "rules: [", "rules: [null]", "rules: 7", "other: 1"})
    void a_text_that_is_no_policy_is_refused(String text) {
        assertThatThrownBy(() -> Policy.read("mine.yaml", text))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageStartingWith("mine.yaml");
    }

    @Test
    void every_mistake_in_what_can_be_read_is_told_at_once() {
        String bad = GOOD.replace("watchFor: PT1H, ", "").replace("forwardFix: Mend., ", "");
        assertThatThrownBy(() -> Policy.read("mine.yaml", bad)).message().hasLineCount(2);
    }

    @Test
    void a_wider_condition_covers_a_narrower_one_and_not_the_other_way_round() {
        Rule narrow = PolicyReader.read("", GOOD).get(1);
        assertThat(When.ALWAYS.covers(narrow.when())).isTrue();
        assertThat(narrow.when().covers(When.ALWAYS)).isFalse();
        assertThat(narrow.when().covers(narrow.when())).isTrue();
        When later =
                rule(Map.of("atLeastSince", "PT30M", "lessThanSince", "PT3H")).when();
        assertThat(later.covers(narrow.when())).isTrue();
        assertThat(narrow.when().covers(later)).isFalse();
        assertThat(rule(Map.of("atLeastSince", "PT90M")).when().covers(narrow.when()))
                .isFalse();
    }

    private static Rule rule(Map<String, Object> when) {
        Map<String, Object> then = Map.of("decision", "watch", "watchFor", "PT1H", "reason", "r");
        return PolicyReader.read("", List.of(Map.of("name", "x", "when", when, "then", then)))
                .getFirst();
    }
}
