package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.rollback.core.RollbackState;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Looks at the deadlines of all rollbacks, beside the procedure that carries them out: one that hangs, or that cannot get on,
 * is noticed all the same, by every replica and once.
 */
@ApplicationScoped
class Watch {

    private static final Logger LOG = Logger.getLogger(Watch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Databases databases;
    private final StateDatabase state;
    private final Tasks tasks;
    private final RollbackProcedure procedure;
    private final Alarms alarms;
    private final MeterRegistry metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Watch(
            Databases databases,
            StateDatabase state,
            Tasks tasks,
            RollbackProcedure procedure,
            Alarms alarms,
            MeterRegistry metrics) {
        this.databases = databases;
        this.state = state;
        this.tasks = tasks;
        this.procedure = procedure;
        this.alarms = alarms;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("watch").start(this::lookAgainAndAgain);
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void lookAgainAndAgain() {
        try {
            while (!stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (RuntimeException | OutOfMemoryError e) {
                    LOG.warnf("Cannot look at the deadlines, will try again: %s", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        state.query("select id from task where kind = $1 and not finished", RollbackProcedure.KIND)
                .forEach(row -> {
                    try {
                        tasks.find(procedure, row.getString("id")).ifPresent(this::look);
                    } catch (RuntimeException e) {
                        LOG.errorf("Nobody watches rollback %s: %s", row.getString("id"), e.getMessage());
                    }
                });
    }

    private void look(Tasks.View<RollbackState> view) {
        databases.find(view.database()).ifPresent(database -> {
            String name = view.state().getClass().getSimpleName();
            if (alarms.escalate(database, view)) {
                metrics.counter("ripcord.rollback.unanswered", "database", view.database(), "state", name)
                        .increment();
            }
            if (!alarms.raise(database, view)) return;
            metrics.counter("ripcord.rollback.overdue", "database", view.database(), "state", name)
                    .increment();
            LOG.errorf("Rollback %s of %s is overdue in state %s", view.id(), view.database(), name);
        });
    }
}
