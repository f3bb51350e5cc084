package dev.ripcord.rollback.loss;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Swapped;
import java.util.List;

/** Finds that nothing is lost. */
public final class ModelLossReport extends LossReport {

    @SuppressWarnings("NullAway") // nothing here speaks to a server
    public ModelLossReport() {
        super(null);
    }

    @Override
    public Counted count(
            EnrolledDatabase database, String rollback, long fence, Swapped swapped, Shadow copy, Runnable beforeEach) {
        return new Counted(List.of(), swapped.keptSeal());
    }

    @Override
    public String close(EnrolledDatabase database, String rollback, long fence, Swapped swapped) {
        return swapped.keptSeal();
    }
}
