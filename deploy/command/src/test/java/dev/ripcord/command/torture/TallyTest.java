package dev.ripcord.command.torture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void no_violation_in_many_runs_bounds_their_share_by_the_rule_of_three() {
        assertThat(new Tally("any", 1800, 0, 1).proves()).isEqualTo("< 0.2 %");
        assertThat(new Tally("any", 50, 0, 1).proves()).isEqualTo("< 6.0 %");
    }

    @Test
    void few_runs_and_runs_with_violations_prove_nothing() {
        assertThat(new Tally("any", 2, 0, 1).proves()).isEqualTo("-");
        assertThat(new Tally("any", 1800, 1, 1).proves()).isEqualTo("-");
        assertThat(new Tally("any", 0, 1, 1).proves()).isEqualTo("not run");
    }
}
