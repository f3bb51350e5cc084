package dev.ripcord.delivery;

import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Tasks.Claim;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Does the long work: claims tasks that are due, advances each on a virtual thread while it holds the lease, and writes
 * every step with what announces it. Whoever lost the lease writes nothing.
 */
@ApplicationScoped
public class Runner {

    private static final Logger LOG = Logger.getLogger(Runner.class);
    private static final Duration HEARTBEAT = Duration.ofMillis(1500);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int AT_ONCE = 16;

    private final Semaphore slots = new Semaphore(AT_ONCE);
    private final Map<String, Procedure<?>> procedures;
    private final Tasks tasks;
    private final Ledgers ledgers;
    private final Inbox inbox;
    private final WakeUp wakeUp;
    private final MeterRegistry metrics;
    private final Tracer tracer;
    /** What is at work here, by its name, and under which fence. */
    private final Map<String, Long> held = new ConcurrentHashMap<>();

    private volatile boolean running = true;

    Runner(
            @All List<Procedure<?>> procedures,
            Tasks tasks,
            Ledgers ledgers,
            Inbox inbox,
            WakeUp wakeUp,
            MeterRegistry metrics,
            Tracer tracer) {
        this.procedures = procedures.stream().collect(Collectors.toMap(Procedure::kind, Function.identity()));
        this.tasks = tasks;
        this.ledgers = ledgers;
        this.inbox = inbox;
        this.wakeUp = wakeUp;
        this.metrics = metrics;
        this.tracer = tracer;
    }

    void start(@Observes StartupEvent event) {
        ledgers.beginWith(made -> begin(made, ledgers::ended));
        Thread.ofVirtual().name("runner").start(this::claimAsTheyFallDue);
        Thread.ofVirtual().name("heartbeat").start(this::renewLeases);
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
    }

    private void claimAsTheyFallDue() {
        while (running) {
            try {
                wakeUp.task().await(POLL);
                int free = slots.availablePermits();
                if (free == 0) continue;
                for (Claim claim : tasks.claim(ledgers.owner(), Ledgers.LEASE, free, names())) {
                    slots.acquire();
                    begin(claim, slots::release);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("Cannot claim work, will try again: %s", e.getMessage());
            }
        }
    }

    private void renewLeases() {
        while (running) {
            try {
                Thread.sleep(HEARTBEAT);
                List<String> names = names();
                if (!names.isEmpty()) tasks.renew(ledgers.owner(), names, Ledgers.LEASE);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.warnf("Cannot renew leases, will try again: %s", e.getMessage());
            }
        }
    }

    private List<String> names() {
        return List.copyOf(held.keySet());
    }

    private void begin(Claim claim, Runnable ended) {
        Thread.ofVirtual().name(claim.kind() + " " + claim.id()).start(() -> run(claim, ended));
    }

    private void run(Claim claim, Runnable ended) {
        held.put(claim.name(), claim.fence());
        try {
            Procedure<?> procedure = procedures.get(claim.kind());
            if (procedure == null) {
                LOG.errorf("Nobody here advances tasks of kind %s", claim.kind());
                return;
            }
            MDC.put("database", claim.database());
            MDC.put(claim.kind().equals("rollback") ? "rollback" : "event", claim.id());
            Optional<Claim> next = Optional.of(claim);
            while (running && next.isPresent() && holds(next.get())) next = step(procedure, next.get());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.errorf(e, "Task %s %s stopped; it is taken up again when its lease ends", claim.kind(), claim.id());
        } finally {
            held.remove(claim.name(), claim.fence());
            MDC.clear();
            ended.run();
            wakeUp.task().signal();
        }
    }

    private static boolean holds(Claim claim) {
        return claim.owner() != null && !claim.finished();
    }

    private <S> Optional<Claim> step(Procedure<S> procedure, Claim claim) {
        return Traces.in(tracer, claim.kind() + " " + claim.state(), claim.traceparent(), trace -> {
            Task<S> task = task(procedure, claim);
            long began = System.nanoTime();
            Next<S> next;
            String problem = null;
            try {
                next = procedure.advance(task);
            } catch (RuntimeException e) {
                problem = String.valueOf(e.getMessage());
                next = failed(procedure, task, e);
            } catch (VirtualMachineError e) {
                problem = "this service has too little memory for it: " + e;
                next = failed(procedure, task, new IllegalStateException(problem, e));
            }
            metrics.timer("ripcord.step", "kind", claim.kind(), "state", claim.state())
                    .record(Duration.ofNanos(System.nanoTime() - began));
            Optional<Claim> moved = written(procedure, task, claim, next, problem, trace);
            wakeUp.changed();
            if (moved.isEmpty()) LOG.warnf("%s %s has another owner by now", claim.kind(), claim.id());
            return moved;
        });
    }

    /** What cannot be recorded is a failure of the step; where its consequence cannot be either, the task stays as it is. */
    private <S> Optional<Claim> written(
            Procedure<S> procedure,
            Task<S> task,
            Claim claim,
            Next<S> next,
            @Nullable String problem,
            @Nullable String trace) {
        try {
            return tasks.move(claim, next, problem, trace);
        } catch (RuntimeException e) {
            if (away(e)) throw e;
            String reason = "what came of it cannot be recorded: " + e.getMessage();
            try {
                return tasks.move(claim, failed(procedure, task, e), reason, trace);
            } catch (RuntimeException again) {
                if (away(again)) throw again;
                return tasks.move(claim, stay(task), reason, trace);
            }
        }
    }

    /** Whether it says nothing of what was to be written. */
    private static boolean away(RuntimeException failure) {
        return failure instanceof StateDatabaseException known && !known.unacceptable();
    }

    private static <S> Next<S> stay(Task<S> task) {
        return Next.waiting(task.state(), Procedure.backoff(task.attempts()));
    }

    private static <S> Next<S> failed(Procedure<S> procedure, Task<S> task, RuntimeException failure) {
        LOG.warnf(
                "%s in state %s, attempt %d: %s",
                task.kind(),
                ((Object) task.state()).getClass().getSimpleName(),
                task.attempts() + 1,
                failure.getMessage());
        LOG.debug("The failure", failure);
        try {
            return procedure.onFailure(task, failure);
        } catch (RuntimeException e) {
            LOG.warnf("%s %s: nor can it be found out what follows: %s", task.kind(), task.id(), e.getMessage());
            return stay(task);
        }
    }

    private <S> Task<S> task(Procedure<S> procedure, Claim claim) {
        return new Task<>(
                claim.kind(),
                claim.id(),
                claim.database(),
                Tasks.state(procedure, claim.state(), claim.document()),
                claim.fence(),
                claim.attempts(),
                claim.created(),
                claim.stateSince(),
                inbox.mail(claim.kind(), claim.id()));
    }
}
