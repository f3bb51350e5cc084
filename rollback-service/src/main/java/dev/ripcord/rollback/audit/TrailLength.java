package dev.ripcord.rollback.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The position of the newest record, as a metric: it only grows, one that falls is a trail that was cut off. */
@ApplicationScoped
class TrailLength {

    private static final Logger LOG = Logger.getLogger(TrailLength.class);
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Trail trail;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile long position;

    TrailLength(Trail trail, MeterRegistry metrics) {
        this.trail = trail;
        Gauge.builder("ripcord.audit.position", () -> position)
                .description("Position of the newest record of the audit trail")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("audit trail length").start(this::measureNowAndThen);
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void measureNowAndThen() {
        try {
            do {
                measure();
            } while (!stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void measure() {
        try {
            position = trail.head().position();
        } catch (RuntimeException e) {
            LOG.debugf("Cannot measure the audit trail: %s", e.getMessage());
        }
    }
}
