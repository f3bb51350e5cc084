package dev.ripcord.rollback.report;

import dev.ripcord.databases.Targets;
import dev.ripcord.databases.Targets.Phase;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackOutcomeEvent.Completed;
import dev.ripcord.events.RollbackOutcomeEvent.CompletedInPlace;
import dev.ripcord.events.RollbackOutcomeEvent.Failed;
import dev.ripcord.events.RollbackOutcomeEvent.Moved;
import dev.ripcord.events.RollbackOutcomeEvent.Refused;
import dev.ripcord.events.RollbackOutcomeEvent.Undone;
import dev.ripcord.events.RollbackRequestEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long one phase took, and how long it may take.
 *
 * @param target null where nothing was promised
 */
record Timing(Phase phase, double millis, @Nullable Duration target) {

    private static final String READY = "shadow-ready";
    private static final String VERIFIED = "verified";

    /** Whether it took longer than was promised. */
    boolean missed() {
        return target != null && millis > target.toMillis();
    }

    /** The phases that a rollback has behind it, in their order. */
    static List<Timing> of(Story story, Targets targets) {
        List<Timing> timings = new ArrayList<>();
        Optional<Instant> requested = story.firstAt(event -> event instanceof RollbackRequestEvent.Requested);
        Optional<Instant> planned = story.firstAt(event -> event instanceof RollbackEvent.Planned);
        // one way back may have been approved and not been to be had: what counts is the one that was gone
        Optional<Instant> plannedLast = story.lastAt(event -> event instanceof RollbackEvent.Planned);
        Optional<Instant> started = story.lastAt(event -> event instanceof RollbackEvent.Started);
        add(timings, targets, Phase.plan, between(requested, planned));
        boolean asked = story.last(RollbackEvent.Planned.class)
                .map(event ->
                        event.plan().word() != null || !event.plan().approval().equals("automatic"))
                .orElse(false);
        if (asked) add(timings, targets, Phase.approval, between(plannedLast, started));
        add(timings, targets, Phase.preparation, between(started, story.firstAt(event -> step(event, READY))));
        add(timings, targets, Phase.outage, story.outcome().flatMap(Timing::outage));
        add(
                timings,
                targets,
                Phase.verification,
                story.all(RollbackEvent.Step.class)
                        .filter(event -> step(event, VERIFIED))
                        .map(step -> (double) step.millis())
                        .findFirst());
        Optional<Instant> ended = story.firstAt(event -> event instanceof RollbackOutcomeEvent);
        add(timings, targets, Phase.requestToOutcome, between(requested, ended));
        return timings;
    }

    private static void add(List<Timing> timings, Targets targets, Phase phase, Optional<Double> millis) {
        millis.ifPresent(
                took -> timings.add(new Timing(phase, took, targets.of(phase).orElse(null))));
    }

    private static Optional<Double> between(Optional<Instant> from, Optional<Instant> to) {
        return from.flatMap(begin -> to.filter(end -> !end.isBefore(begin))
                .map(end -> Duration.between(begin, end).toNanos() / 1e6));
    }

    private static boolean step(RipcordEvent event, String name) {
        return event instanceof RollbackEvent.Step step && step.step().equals(name);
    }

    private static Optional<Double> outage(RollbackOutcomeEvent outcome) {
        return switch (outcome) {
            case Completed completed -> Optional.of(completed.outageMillis());
            case Undone undone -> Optional.of(undone.outageMillis());
            case CompletedInPlace _, Moved _, Failed _, Refused _ -> Optional.empty();
        };
    }
}
