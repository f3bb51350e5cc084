package dev.ripcord.rollback.report;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Holds each rollback that has ended against what was promised for its database, once, by whichever replica is first. It reads
 * the audit trail, whose positions have no gaps, so that none is left out.
 */
@ApplicationScoped
class Measuring {

    private static final Logger LOG = Logger.getLogger(Measuring.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** What ended longer ago, before an update for example, is measured and not told any more. */
    private static final Duration NEWS = Duration.ofHours(1);

    private static final String[] OUTCOMES = Catalogue.ENTRIES.stream()
            .filter(entry -> entry.topic() == Topic.ROLLBACK_OUTCOME)
            .map(Catalogue.Entry::type)
            .toArray(String[]::new);

    private final StateDatabase state;
    private final Tasks tasks;
    private final Reports reports;
    private final MeterRegistry metrics;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Measuring(StateDatabase state, Tasks tasks, Reports reports, MeterRegistry metrics) {
        this.state = state;
        this.tasks = tasks;
        this.reports = reports;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("measuring").start(this::measureAgainAndAgain);
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void measureAgainAndAgain() {
        try {
            while (!stopped.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    ended().forEach(this::measure);
                } catch (RuntimeException | OutOfMemoryError e) {
                    LOG.warnf("Cannot measure rollbacks, will try again: %s", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Row> ended() {
        return state.query(
                "select position, rollback, recorded_at from audit where position > (select coalesce(max(position), 0) from measured)"
                        + " and direction = 'said' and type = any($1) and rollback is not null order by position limit 20",
                (Object) OUTCOMES);
    }

    private void measure(Row row) {
        String rollback = row.getString("rollback");
        boolean news = row.getOffsetDateTime("recorded_at")
                .toInstant()
                .isAfter(Instant.now().minus(NEWS));
        Optional<Story> story = reports.story(rollback);
        List<Timing> timings = story.map(reports::timings).orElse(List.of());
        String database =
                story.map(each -> each.told().getFirst().event().database()).orElse("");
        boolean first = tasks.record(ledger -> {
            boolean mine = !ledger.query(
                            "insert into measured (position, rollback) values ($1, $2) on conflict do nothing returning position",
                            row.getLong("position"),
                            rollback)
                    .isEmpty();
            if (mine && news) {
                timings.stream()
                        .filter(Timing::missed)
                        .forEach(timing -> ledger.announce(missed(database, rollback, timing)));
            }
            return mine;
        });
        if (first && news) timings.forEach(timing -> count(database, timing));
    }

    private static RollbackEvent.TargetMissed missed(String database, String rollback, Timing timing) {
        Duration target = timing.target() == null ? Duration.ZERO : timing.target();
        return new RollbackEvent.TargetMissed(
                database, rollback, timing.phase().name(), target.toNanos() / 1e6, timing.millis());
    }

    private void count(String database, Timing timing) {
        String phase = timing.phase().name();
        metrics.timer("ripcord.rollback.phase", "database", database, "phase", phase)
                .record(Duration.ofNanos((long) (timing.millis() * 1e6)));
        if (timing.missed()) {
            metrics.counter("ripcord.rollback.target.missed", "database", database, "phase", phase)
                    .increment();
        }
    }
}
