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
        assertThat(turns.take("chat")).isEmpty();
        assertThat(turns.take("chat")).isPresent();
        assertThat(turns.take("hook")).isEmpty();
        turns.done("chat", new Outcome.Accepted());
        assertThat(turns.take("chat")).isEmpty();
    }

    @Test
    void a_channel_that_asked_to_be_left_alone_is_left_alone_by_all_messages() {
        turns.take("chat");
        turns.done("chat", new Outcome.Later("answered 429", Optional.of(Duration.ofSeconds(30))));
        assertThat(turns.take("chat"))
                .hasValueSatisfying(wait -> assertThat(wait).isGreaterThan(Duration.ofSeconds(29)));
    }

    @Test
    void channels_that_do_not_answer_never_take_all_the_hands() {
        for (int i = 0; i < 20; i++) {
            assertThat(turns.take("dead" + i)).isEmpty();
            turns.done("dead" + i, NO_ANSWER);
        }
        int taken = 0;
        for (int i = 0; i < 20; i++) if (turns.take("dead" + i).isEmpty()) taken++;
        assertThat(taken).isEqualTo(6);
        assertThat(turns.take("alive")).isEmpty();
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
