package dev.ripcord.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/** How old the oldest work is that waits: the figure to alarm on. */
@ApplicationScoped
public class QueueAges {

    private static final Logger LOG = Logger.getLogger(QueueAges.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final StateDatabase database;
    private volatile double unsentSeconds;
    private volatile double overdueSeconds;
    private volatile boolean running = true;

    QueueAges(StateDatabase database, MeterRegistry metrics) {
        this.database = database;
        Gauge.builder("ripcord.outbox.age", () -> unsentSeconds)
                .baseUnit("seconds")
                .description("Age of the oldest event that is not sent")
                .register(metrics);
        Gauge.builder("ripcord.task.overdue", () -> overdueSeconds)
                .baseUnit("seconds")
                .description("How long the oldest work is due that nobody has claimed")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("queue ages").start(this::measureNowAndThen);
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
    }

    private void measureNowAndThen() {
        while (running) {
            try {
                Row row = database.query("""
                                select coalesce(extract(epoch from now() - (select min(created_at) from outbox where sent_at is null)), 0)::float8 as unsent,
                                       coalesce(extract(epoch from now() - (select min(due_at) from task
                                           where not finished and (lease_until is null or lease_until < now()) and due_at < now())), 0)::float8 as overdue""").getFirst();
                unsentSeconds = row.getDouble("unsent");
                overdueSeconds = row.getDouble("overdue");
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.debugf("Cannot measure the queues: %s", e.getMessage());
                try {
                    Thread.sleep(EVERY);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }
}
