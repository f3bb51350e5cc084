package dev.ripcord.rollback.hold;

import dev.ripcord.databases.DeliverySystem.ArgoCd;
import dev.ripcord.databases.DeliverySystem.Hold;
import dev.ripcord.databases.DeliverySystem.Http;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.rollback.hold.HoldState.Held;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Pauses the delivery of an application before its database is closed, or changed where it stands. */
@ApplicationScoped
public class Holds {

    private static final Logger LOG = Logger.getLogger(Holds.class);

    private static final String MEND =
            "mend that, or take delivery.hold.required out of databases.yaml, then ask again";

    private final Tasks tasks;
    private final HoldProcedure procedure;

    Holds(Tasks tasks, HoldProcedure procedure) {
        this.tasks = tasks;
        this.procedure = procedure;
    }

    /** Whether delivery is paused. */
    public sealed interface Paused {
        /** It is, or that is not insisted on: in words; empty where there is nothing to pause. */
        record GoOn(String words) implements Paused {}

        /** It is not, and the rollback must not begin. */
        record Stop(String reason, String next) implements Paused {}
    }

    /** Pauses it, if {@code databases.yaml} says what; asked again, it is paused as before. */
    public Paused pause(EnrolledDatabase database, String rollback) {
        Hold hold = database.delivery().hold();
        if (hold == null) return new Paused.GoOn("");
        Holder holder = holder(hold, database.id(), rollback);
        try {
            return new Paused.GoOn(holder.pause(remembered(holder, database.id(), rollback)));
        } catch (IllegalStateException e) {
            LOG.warnf("Delivery for database %s is not paused: %s", database.id(), e.getMessage());
            return hold.required()
                    ? new Paused.Stop("delivery cannot be paused: " + e.getMessage(), MEND)
                    : new Paused.GoOn("FAILED: " + e.getMessage());
        }
    }

    /** How it stood before, on disk from here on. */
    private JsonObject remembered(Holder holder, String database, String rollback) {
        Optional<Tasks.View<HoldState>> known = tasks.find(procedure, rollback);
        if (known.isPresent() && known.get().state() instanceof Held held) return held.before();
        JsonObject was = holder.look();
        tasks.record(ledger -> {
            boolean made = ledger.start(HoldProcedure.KIND, rollback, database, Held.of(was));
            // resumed already: this rollback begins a second time
            return made || ledger.restart(HoldProcedure.KIND, rollback, Held.of(was));
        });
        return was;
    }

    static Holder holder(Hold hold, String database, String rollback) {
        return switch (hold) {
            case ArgoCd application -> new ArgoCdHolder(application, rollback);
            case Http system -> new HttpHolder(system, database, rollback);
        };
    }
}
