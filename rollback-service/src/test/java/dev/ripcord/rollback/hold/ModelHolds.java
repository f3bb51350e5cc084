package dev.ripcord.rollback.hold;

import dev.ripcord.databases.EnrolledDatabase;

/** Has nothing to pause. */
public final class ModelHolds extends Holds {

    @SuppressWarnings("NullAway") // nothing here speaks to a delivery system
    public ModelHolds() {
        super(null, null);
    }

    @Override
    public Paused pause(EnrolledDatabase database, String rollback) {
        return new Paused.GoOn("");
    }
}
