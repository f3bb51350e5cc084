package dev.ripcord.notifier.delivery;

import dev.ripcord.databases.Channel;
import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.notifier.delivery.DeliveryState.Delivered;
import dev.ripcord.notifier.delivery.DeliveryState.GivenUp;
import dev.ripcord.notifier.delivery.DeliveryState.Pending;
import dev.ripcord.notifier.message.Message.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One message to one channel, from the event to the answer; nothing else waits for it. */
public final class Delivery implements Procedure<DeliveryState> {

    public static final String KIND = "delivery";

    private static final String SPARED = "not needed any more: the rollback had ended before this was told";
    private static final String OVERTAKEN =
            "not needed any more: what the rollback came to after this was told already";
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST_LOOK = Duration.ofMinutes(1);

    private final Databases databases;
    private final Map<Class<? extends Channel>, Carrier<?>> carriers;
    private final RetryPolicy policy;
    private final Function<String, Optional<Instant>> earlierDue;
    private final Function<String, Optional<String>> follower;
    private final Predicate<String> ended;
    private final Predicate<String> overtaken;
    private final BiFunction<String, String, Notes> notes;
    private final BiConsumer<Channel, Outcome> measured;
    private final Consumer<Trouble> troubled;
    private final Turns turns = new Turns();

    /**
     * A message that a channel does not take.
     *
     * @param about the event's name on the wire
     * @param last whether nobody tries again
     */
    public record Trouble(String message, String about, String database, String channel, String reason, boolean last) {}

    /**
     * The procedure.
     *
     * @param earlierDue when to look again for an earlier message that this one must follow, if there is one
     * @param follower the message that waits for this one, if there is one
     * @param ended whether the rollback that a message is about has ended since
     * @param overtaken whether the channel took already what the rollback came to after what a message tells
     * @param notes what a channel remembers of a rollback, or of a message that is about none
     * @param measured hears of every attempt
     * @param troubled hears of a message's first attempt that failed, and of its last
     */
    public Delivery(
            Databases databases,
            List<Carrier<?>> carriers,
            RetryPolicy policy,
            Function<String, Optional<Instant>> earlierDue,
            Function<String, Optional<String>> follower,
            Predicate<String> ended,
            Predicate<String> overtaken,
            BiFunction<String, String, Notes> notes,
            BiConsumer<Channel, Outcome> measured,
            Consumer<Trouble> troubled) {
        this.databases = databases;
        this.carriers = carriers.stream().collect(Collectors.toMap(Carrier::kind, Function.identity()));
        this.policy = policy;
        this.earlierDue = earlierDue;
        this.follower = follower;
        this.ended = ended;
        this.overtaken = overtaken;
        this.notes = notes;
        this.measured = measured;
        this.troubled = troubled;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<DeliveryState> states() {
        return DeliveryState.class;
    }

    @Override
    public Next<DeliveryState> advance(Task<DeliveryState> task) {
        return switch (task.state()) {
            case Pending pending -> deliver(task, pending);
            case Delivered delivered -> Next.end(delivered);
            case GivenUp givenUp -> Next.end(givenUp);
        };
    }

    @Override
    public Next<DeliveryState> onFailure(Task<DeliveryState> task, RuntimeException failure) {
        return switch (task.state()) {
            case Pending pending -> later(task, pending, String.valueOf(failure.getMessage()), Optional.empty());
            case Delivered delivered -> Next.end(delivered);
            case GivenUp givenUp -> Next.end(givenUp);
        };
    }

    private Next<DeliveryState> deliver(Task<DeliveryState> task, Pending pending) {
        Optional<Channel> channel = databases.channel(pending.channel());
        Optional<Carrier<?>> carrier = channel.map(Channel::getClass).map(carriers::get);
        if (channel.isEmpty() || carrier.isEmpty()) {
            return giveUp(task, pending, pending.attempts(), "there is no such channel any more");
        }
        Optional<Instant> earlier = earlierDue.apply(task.id());
        if (earlier.isPresent()) return Next.waiting(pending, untilJustAfter(earlier.get()));
        if (Interest.onlyMeanwhile(pending.message(), channel.get()) && ended.test(task.id())) {
            return spared(task, pending, SPARED);
        }
        boolean late = overtaken.test(task.id());
        if (late && Interest.onlyResolves(pending.message(), channel.get())) return spared(task, pending, OVERTAKEN);
        Optional<Duration> busy = turns.take(pending.channel(), task.id());
        if (busy.isPresent()) return Next.waiting(pending, busy.get());
        Attempt attempt = attempt(task, pending, late, channel.get(), carrier.get());
        Next<DeliveryState> next = after(task, pending, attempt.outcome());
        List<String> wakes = new ArrayList<>(attempt.nextInLine().stream().toList());
        if (next.finished()) follower.apply(task.id()).ifPresent(wakes::add);
        return next.waking(wakes);
    }

    private Next<DeliveryState> spared(Task<DeliveryState> task, Pending pending, String why) {
        Next<DeliveryState> spared = Next.end(pending.givenUp(pending.attempts(), why));
        return spared.waking(follower.apply(task.id()).stream().toList());
    }

    private Next<DeliveryState> after(Task<DeliveryState> task, Pending pending, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Accepted _ -> {
                Delivered delivered = pending.delivered();
                yield Next.end(
                        delivered,
                        new NotificationEvent.Delivered(
                                task.database(),
                                task.id(),
                                delivered.channel(),
                                delivered.about(),
                                delivered.attempts()));
            }
            case Outcome.Later later -> later(task, pending, later.reason(), later.after());
            case Outcome.Never never -> giveUp(task, pending, pending.attempts() + 1, never.reason());
        };
    }

    private record Attempt(Outcome outcome, Optional<String> nextInLine) {}

    private Attempt attempt(
            Task<DeliveryState> task, Pending pending, boolean late, Channel channel, Carrier<?> carrier) {
        Outcome outcome = new Outcome.Later("the attempt broke off", Optional.empty());
        Optional<String> nextInLine;
        try {
            String subject = Objects.requireNonNullElse(pending.message().rollback(), task.id());
            Notes kept = notes.apply(pending.channel(), subject);
            Carrier.Letter letter = new Carrier.Letter(task.id(), pending.message(), pending.event(), kept, late);
            outcome = carry(carrier, letter, channel);
        } finally {
            nextInLine = turns.done(pending.channel(), outcome);
            measured.accept(channel, outcome);
        }
        return new Attempt(outcome, nextInLine);
    }

    private static <C extends Channel> Outcome carry(Carrier<C> carrier, Carrier.Letter letter, Channel channel) {
        return carrier.carry(letter, carrier.kind().cast(channel));
    }

    private Next<DeliveryState> later(
            Task<DeliveryState> task, Pending pending, String reason, Optional<Duration> asked) {
        Pending failed = pending.failed(reason);
        Duration wait = policy.wait(failed.attempts());
        if (asked.isPresent() && asked.get().compareTo(wait) > 0) wait = asked.get();
        if (Instant.now().plus(wait).isAfter(since(task, failed).plus(policy.giveUpAfter()))) {
            return giveUp(
                    task, pending, failed.attempts(), "still not after " + failed.attempts() + " attempts: " + reason);
        }
        if (pending.attempts() == 0) troubled.accept(trouble(task, pending, reason, false));
        return Next.waiting(failed, wait);
    }

    /** An outcome has all its time, however long what was told before it, or this service, kept it waiting. */
    private static Instant since(Task<DeliveryState> task, Pending failed) {
        boolean outcome = failed.message().weight() == Weight.outcome;
        return outcome && failed.tried() != null ? failed.tried() : task.created();
    }

    private static Trouble trouble(Task<DeliveryState> task, Pending pending, String reason, boolean last) {
        return new Trouble(task.id(), pending.message().about(), task.database(), pending.channel(), reason, last);
    }

    private Next<DeliveryState> giveUp(Task<DeliveryState> task, Pending pending, int attempts, String reason) {
        troubled.accept(trouble(task, pending, reason, true));
        GivenUp givenUp = pending.givenUp(attempts, reason);
        return Next.end(
                givenUp,
                new NotificationEvent.Failed(
                        task.database(),
                        task.id(),
                        givenUp.channel(),
                        givenUp.message().about(),
                        attempts,
                        reason));
    }

    private static Duration untilJustAfter(Instant due) {
        Duration wait = Duration.between(Instant.now(), due).plus(SHORTEST);
        if (wait.compareTo(SHORTEST) < 0) return SHORTEST;
        return wait.compareTo(LONGEST_LOOK) > 0 ? LONGEST_LOOK : wait;
    }
}
