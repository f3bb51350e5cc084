package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionTableTest {

    private static final Policy POLICY = Policy.shipped();

    static List<TableRow> rows() {
        return TableRow.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void the_shipped_policy_decides_as_the_table_says(TableRow row) {
        Decision decision = POLICY.decide(row.facts());
        assertThat(word(decision)).as(decision.toString()).isEqualTo(row.decision());
        assertThat(decision.rule()).isEqualTo(row.rule());
        if (decision instanceof Decision.RollBack rollBack) {
            assertThat(rollBack.ladder()).isEqualTo(row.ladder());
        } else {
            assertThat(row.ladder()).isEmpty();
        }
    }

    @Test
    void every_rule_has_its_line_in_the_table() {
        assertThat(rows().stream().map(TableRow::rule).distinct()).containsExactlyInAnyOrderElementsOf(POLICY.names());
    }

    @Test
    void every_decision_is_in_the_table_for_each_environment() {
        for (Environment environment : Environment.values()) {
            Set<String> decisions = rows().stream()
                    .filter(row -> row.facts().environment() == environment)
                    .map(TableRow::decision)
                    .collect(Collectors.toSet());
            assertThat(decisions).as(environment.name()).contains("rollBack", "fixForward", "watch", "refuse");
        }
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.RollBack back -> back.byItself() ? "rollBackByItself" : "rollBack";
            case Decision.FixForward forward -> "fixForward";
            case Decision.Watch watch -> "watch";
            case Decision.Refuse refuse -> "refuse";
        };
    }
}
