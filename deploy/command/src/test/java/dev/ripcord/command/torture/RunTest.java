package dev.ripcord.command.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {

    @ParameterizedTest
    @ValueSource(ints = {4, 7, 11, 12, 34, 43, 112, 122})
    void every_case_comes_before_one_comes_again(int cases) {
        assertThat(IntStream.range(0, cases).map(number -> new Run("any", 4711, number, true).oneOf(cases)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, cases).boxed().toList());
    }

    @Test
    void the_same_seed_draws_the_same_and_another_draws_something_else() {
        Run run = new Run("any", 1, 3, true);

        assertThat(run.random().nextLong())
                .isEqualTo(new Run("any", 1, 3, true).random().nextLong())
                .isNotEqualTo(new Run("any", 2, 3, true).random().nextLong())
                .isNotEqualTo(new Run("any", 1, 4, true).random().nextLong())
                .isNotEqualTo(new Run("other", 1, 3, true).random().nextLong());
    }
}
