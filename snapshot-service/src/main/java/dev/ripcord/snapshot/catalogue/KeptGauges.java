package dev.ripcord.snapshot.catalogue;

import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * How many snapshots of each database are kept, and how large they are: each stays until what it was taken before is declared
 * good, so that these grow where nobody does that. Its shadow takes as much again and is not counted.
 */
@ApplicationScoped
class KeptGauges {

    private static final Logger LOG = Logger.getLogger(KeptGauges.class);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final StateDatabase database;
    private final MultiGauge number;
    private final MultiGauge bytes;
    private volatile boolean running = true;

    KeptGauges(StateDatabase database, MeterRegistry metrics) {
        this.database = database;
        this.number = MultiGauge.builder("ripcord.snapshot.kept")
                .description("Snapshots that are there")
                .register(metrics);
        this.bytes = MultiGauge.builder("ripcord.snapshot.kept.size")
                .baseUnit("bytes")
                .description("What they take, without their shadows")
                .register(metrics);
    }

    void start(@Observes StartupEvent event) {
        Thread.ofVirtual().name("kept snapshots").start(this::measureNowAndThen);
    }

    void stop(@Observes ShutdownEvent event) {
        running = false;
    }

    private void measureNowAndThen() {
        while (running) {
            try {
                measure();
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.debugf("Cannot measure the snapshots: %s", e.getMessage());
            }
            try {
                Thread.sleep(EVERY);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Of a database whose last one has gone the gauge stays, at nought. */
    private void measure() {
        List<Row<?>> numbers = new ArrayList<>();
        List<Row<?>> sizes = new ArrayList<>();
        database.query("""
                        select database_id, count(*) filter (where held) as number, coalesce(sum(bytes) filter (where held), 0)::bigint as bytes
                          from (select database_id, state in ('Proving', 'Kept', 'Doubted') as held, (document #>> '{taken,bytes}')::bigint as bytes
                                  from task where kind = $1) snapshot
                         group by database_id""", SnapshotProcedure.KIND).forEach(row -> {
            Tags tags = Tags.of("database", row.getString("database_id"));
            numbers.add(Row.of(tags, row.getLong("number")));
            sizes.add(Row.of(tags, row.getLong("bytes")));
        });
        number.register(numbers, true);
        bytes.register(sizes, true);
    }
}
