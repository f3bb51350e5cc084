package dev.ripcord.delivery;

import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RipcordEvent;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A small service: each migration that starts is a walk of two steps, which announces its end. */
@Singleton
class Walk implements EventHandler, Procedure<Walk.State> {

    static final String KIND = "walk";

    sealed interface State {
        record First(String migration) implements State {}

        record Second(String migration) implements State {}

        record Arrived(String migration) implements State {}

        record Resting(String migration, int minutes, boolean asleep) implements State {}
    }

    /** The fencing number of each step that was begun, by walk. */
    final Map<String, List<Long>> begun = new ConcurrentHashMap<>();
    /** Walks that fail this often in their second step. */
    final Map<String, Integer> stumbles = new ConcurrentHashMap<>();
    /** Walks that want to tell this once, or as long as they are helpless, instead of what they have to tell. */
    final Map<String, String> burdens = new ConcurrentHashMap<>();
    /** Walks that know no way on when they have stumbled. */
    final Set<String> helpless = ConcurrentHashMap.newKeySet();
    /** Walks whose next step goes deeper than the stack. */
    final Set<String> bottomless = ConcurrentHashMap.newKeySet();
    /** Walks that stand still in their second step until they are let go. */
    final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    /** Walks that call these others when they arrive. */
    final Map<String, List<String>> calls = new ConcurrentHashMap<>();

    @Override
    public Mail on(Envelope<?> envelope, Ledger ledger) {
        if (envelope.event() instanceof MigrationEvent.Started started) {
            if (started.migration().equals("refused")) throw new IllegalArgumentException("this one is not acceptable");
            if (started.migration().equals("tripped-over")) throw new NullPointerException("nobody thought of it");
            if (started.migration().equals("too-deep")) throw new StackOverflowError();
            ledger.start(KIND, started.migration(), started.database(), new State.First(started.migration()));
        }
        return envelope.event() instanceof MigrationEvent.Failed failed
                ? new Mail(KIND, failed.migration())
                : Mail.NONE;
    }

    @Override
    public boolean begins(RipcordEvent event) {
        return event instanceof MigrationEvent.Started;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<State> states() {
        return State.class;
    }

    @Override
    public Next<State> advance(Task<State> task) {
        begun.computeIfAbsent(task.id(), id -> new CopyOnWriteArrayList<>()).add(task.fence());
        if (bottomless.remove(task.id())) throw new StackOverflowError();
        return switch (task.state()) {
            case State.First first ->
                first.migration().startsWith("patient") && task.mail().isEmpty()
                        ? Next.waiting(first, Duration.ofHours(1))
                        : Next.to(new State.Second(first.migration()));
            case State.Second second -> {
                waitIfHeld(task.id());
                if (stumbles.merge(task.id(), -1, Integer::sum) >= 0)
                    throw new IllegalStateException("stumbled over \0");
                String burden = helpless.contains(task.id()) ? burdens.get(task.id()) : burdens.remove(task.id());
                String told = burden == null ? second.migration() : burden;
                yield Next.<State>end(new State.Arrived(told), new MigrationEvent.Completed(task.database(), told))
                        .waking(calls.getOrDefault(task.id(), List.of()));
            }
            case State.Arrived arrived -> Next.end(arrived);
            case State.Resting resting -> Next.end(resting);
        };
    }

    private void waitIfHeld(String id) {
        CountDownLatch latch = held.get(id);
        if (latch == null) return;
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Next<State> onFailure(Task<State> task, RuntimeException failure) {
        if (helpless.contains(task.id())) throw new IllegalStateException("no way on");
        return Next.waiting(task.state(), Duration.ofMillis(50));
    }
}
