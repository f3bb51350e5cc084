package dev.ripcord.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Outcome.Later NO_ANSWER = new Outcome.Later("no answer", Optional.empty());

    private final Turns turns = new Turns();

    @Test
    void a_channel_takes_one_message_at_a_time() {
        assertThat(turns.take("chat", "one")).isEmpty();
        assertThat(turns.take("chat", "two")).isPresent();
        assertThat(turns.take("hook", "one")).isEmpty();
        turns.done("chat", new Outcome.Accepted());
        assertThat(turns.take("chat", "two")).isEmpty();
    }

    @Test
    void who_waits_for_a_channel_is_called_in_turn_and_asks_less_often_the_longer_the_line_is() {
        turns.take("chat", "first");
        assertThat(turns.take("chat", "second")).hasValue(Duration.ofMillis(250));
        assertThat(turns.take("chat", "third")).hasValue(Duration.ofMillis(500));
        assertThat(turns.take("chat", "second")).hasValue(Duration.ofMillis(500));
        assertThat(turns.done("chat", new Outcome.Accepted())).hasValue("second");
        assertThat(turns.take("chat", "second")).isEmpty();
        assertThat(turns.done("chat", NO_ANSWER)).hasValue("third");
        assertThat(turns.done("chat", new Outcome.Accepted())).isEmpty();
        turns.take("chat", "fourth");
        for (int waiting = 0; waiting < 10_000; waiting++) turns.take("chat", "m" + waiting);
        assertThat(turns.take("chat", "last")).hasValue(Duration.ofMinutes(1));
    }

    @Test
    void nobody_is_called_while_a_channel_rests() {
        turns.take("chat", "first");
        turns.take("chat", "second");
        assertThat(turns.done("chat", new Outcome.Later("answered 429", Optional.of(Duration.ofSeconds(30)))))
                .isEmpty();
    }

    @Test
    void a_channel_that_asked_to_be_left_alone_is_left_alone_by_all_messages() {
        turns.take("chat", "one");
        turns.done("chat", new Outcome.Later("answered 429", Optional.of(Duration.ofSeconds(30))));
        assertThat(turns.take("chat", "two"))
                .hasValueSatisfying(wait -> assertThat(wait).isGreaterThan(Duration.ofSeconds(29)));
    }

    @Test
    void channels_that_do_not_answer_never_take_all_the_hands() {
        for (int i = 0; i < 20; i++) {
            assertThat(turns.take("dead" + i, "one")).isEmpty();
            turns.done("dead" + i, NO_ANSWER);
        }
        int taken = 0;
        for (int i = 0; i < 20; i++) if (turns.take("dead" + i, "one").isEmpty()) taken++;
        assertThat(taken).isEqualTo(6);
        assertThat(turns.take("alive", "one")).isEmpty();
    }

    @Test
    void the_waits_double_and_are_spread_and_bounded() {
        RetryPolicy policy = new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofHours(24));
        for (int attempts = 1; attempts < 60; attempts++) {
            double expected = Math.min(1000 * Math.pow(2, attempts - 1.0), 600_000);
            assertThat((double) policy.wait(attempts).toMillis()).isBetween(0.74 * expected, 1.26 * expected);
        }
    }
}
