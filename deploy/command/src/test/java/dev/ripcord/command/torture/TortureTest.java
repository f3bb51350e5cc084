package dev.ripcord.command.torture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.Narrator;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class TortureTest {

    /** Ends its runs in every way there is. */
    private record Fails(Outcome outcome) implements Trial {

        enum Outcome {
            WELL,
            VIOLATED,
            THROWN
        }

        @Override
        public String name() {
            return outcome.name();
        }

        @Override
        public Ground.Kind ground() {
            return Ground.Kind.CLONE;
        }

        @Override
        public int runs(boolean quick) {
            return 2;
        }

        @Override
        public List<String> run(Ground ground, Run run) {
            return switch (outcome) {
                case WELL -> List.of();
                case VIOLATED -> run.number() == 0 ? List.of("something is not as it must be") : List.of();
                case THROWN -> throw new IllegalStateException("it does not come to its end");
            };
        }
    }

    @Test
    void what_goes_wrong_in_a_run_is_counted_and_the_others_are_run_all_the_same() {
        List<Trial> trials = List.of(
                new Fails(Fails.Outcome.VIOLATED),
                new Fails(Fails.Outcome.THROWN),
                new Fails(Fails.Outcome.WELL),
                new SeededCorruption());
        Narrator silent = new Narrator(new PrintStream(OutputStream.nullOutputStream()));

        List<Tally> tallies = new Torture(silent, 1, true, 2).run(trials);

        assertThat(tallies).extracting(Tally::runs).containsExactly(2, 2, 2, 2);
        assertThat(tallies).extracting(Tally::violations).containsExactly(1, 2, 0, 0);
    }

    @Test
    void a_test_that_there_is_not_is_a_wrong_call() {
        assertThat(Ripcord.commandLine().execute("torture", "--only", "nothing"))
                .isEqualTo(2);
    }
}
