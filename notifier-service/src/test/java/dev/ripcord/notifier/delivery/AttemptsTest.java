package dev.ripcord.notifier.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.notifier.delivery.DeliveryState.GivenUp;
import dev.ripcord.notifier.delivery.DeliveryState.Pending;
import dev.ripcord.notifier.message.Message;
import dev.ripcord.notifier.message.Message.Tone;
import dev.ripcord.notifier.message.Message.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A channel that takes nothing at present. */
class AttemptsTest {

    private static final Channel.Slack CHAT = new Channel.Slack("chat", new Secret("NONE", null));

    private final List<Delivery.Trouble> troubles = new ArrayList<>();
    private final Delivery delivery = new Delivery(
            new Databases(List.of(), List.of(CHAT), null, null, null),
            List.of(new Busy()),
            new RetryPolicy(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofHours(24)),
            id -> Optional.empty(),
            id -> Optional.empty(),
            id -> false,
            id -> false,
            (channel, subject) -> new Notes(Map.of(), (name, value) -> {}),
            (channel, outcome) -> {},
            troubles::add);

    @Test
    void an_outcome_that_had_to_wait_for_two_days_has_its_time_from_its_first_attempt_on() {
        Next<DeliveryState> next = delivery.advance(task(Weight.outcome, null));
        assertThat(next.state())
                .isInstanceOfSatisfying(
                        Pending.class, pending -> assertThat(pending.tried()).isNotNull());
        assertThat(delivery.advance(task(Weight.outcome, Instant.now().minus(Duration.ofHours(25))))
                        .state())
                .isInstanceOf(GivenUp.class);
        assertThat(delivery.advance(task(Weight.notice, null)).state()).isInstanceOf(GivenUp.class);
    }

    @Test
    void the_first_attempt_that_fails_and_the_last_are_told() {
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        delivery.advance(task(Weight.outcome, null));
        delivery.advance(task(Weight.outcome, hourAgo));
        delivery.advance(task(Weight.outcome, Instant.now().minus(Duration.ofHours(25))));
        assertThat(troubles).extracting(Delivery.Trouble::last).containsExactly(false, true);
        assertThat(troubles.getFirst().reason()).isEqualTo("busy");
        assertThat(troubles.getLast().reason()).startsWith("still not after");
    }

    /** Recorded two days ago. */
    private static Task<DeliveryState> task(Weight weight, @Nullable Instant tried) {
        Message message =
                new Message("rollback.completed", "shop", "r1", Tone.good, weight, "headline", List.of(), null);
        Pending pending = new Pending("chat", message, "{}", tried == null ? 0 : 7, "", tried);
        Instant recorded = Instant.now().minus(Duration.ofDays(2));
        return new Task<>(Delivery.KIND, "msg_1", "shop", pending, 1, 0, recorded, recorded, List.of());
    }

    private static final class Busy implements Carrier<Channel.Slack> {

        @Override
        public Class<Channel.Slack> kind() {
            return Channel.Slack.class;
        }

        @Override
        public List<String> problems(Channel.Slack channel) {
            return List.of();
        }

        @Override
        public Outcome carry(Letter letter, Channel.Slack channel) {
            return new Outcome.Later("busy", Optional.empty());
        }
    }
}
