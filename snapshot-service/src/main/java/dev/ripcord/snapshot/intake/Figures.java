package dev.ripcord.snapshot.intake;

import dev.ripcord.events.SnapshotEvent;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Counts and times the snapshots, and writes a line about each step. */
@Singleton
class Figures implements Consumer<SnapshotEvent> {

    private static final Logger LOG = Logger.getLogger(Figures.class);

    private final MeterRegistry metrics;

    Figures(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void accept(SnapshotEvent event) {
        switch (event) {
            case SnapshotEvent.Started started ->
                LOG.infof("Snapshot %s is asked for before migration %s", started.snapshot(), started.migration());
            case SnapshotEvent.Completed completed -> {
                LOG.infof(
                        "Snapshot %s is taken in %d ms, with a pause of %d ms",
                        completed.snapshot(), completed.millis(), completed.pauseMillis());
                timer("ripcord.snapshot.taken", completed.form(), completed.millis());
                timer("ripcord.snapshot.pause", completed.form(), completed.pauseMillis());
            }
            case SnapshotEvent.Proven proven -> {
                LOG.infof(
                        "Snapshot %s is proven in %d ms, its shadow is %s",
                        proven.snapshot(), proven.millis(), proven.shadow().name());
                timer("ripcord.snapshot.proven", proven.form(), proven.millis());
            }
            case SnapshotEvent.Failed failed -> {
                LOG.warnf("There is no snapshot %s: %s", failed.snapshot(), failed.reason());
                metrics.counter("ripcord.snapshot.failed").increment();
            }
            case SnapshotEvent.Expired expired ->
                LOG.infof("Snapshot %s is deleted: %s", expired.snapshot(), expired.reason());
        }
    }

    private void timer(String name, String form, long millis) {
        metrics.timer(name, "form", form).record(Duration.ofMillis(millis));
    }
}
