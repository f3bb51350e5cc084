package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.Identity;
import dev.ripcord.snapshot.core.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What must not be going on while a snapshot is taken: schema changes under way, and prepared transactions. */
public final class SchemaChanges {

    /** How long short ones may last before the snapshot is refused. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private SchemaChanges() {}

    /** Waits until there are none; empty then, and a refusal that names them otherwise. */
    public static Optional<Refusal> awaitNone(AdminSession admin, Identity identity) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<String> blockers = admin.blockers(identity);
            if (blockers.isEmpty()) return Optional.empty();
            if (System.nanoTime() > until) return Optional.of(refusal(blockers));
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** The refusal that names them. */
    public static Refusal refusal(List<String> blockers) {
        return new Refusal(
                "the state before the migration cannot be had: " + String.join("; ", blockers),
                "end it (a migration must wait at the gate before it begins; a prepared transaction is"
                        + " committed or rolled back by whoever prepared it), then ask again");
    }
}
