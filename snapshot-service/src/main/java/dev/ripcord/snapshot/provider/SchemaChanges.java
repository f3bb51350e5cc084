package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.Blockers;
import dev.ripcord.databases.Identity;
import dev.ripcord.snapshot.core.Refusal;
import java.util.List;
import java.util.Optional;

/** What must not be going on while a snapshot is taken: schema changes under way, and prepared transactions. */
public final class SchemaChanges {

    private SchemaChanges() {}

    /** Waits until there are none; empty then, and a refusal that names them otherwise. */
    public static Optional<Refusal> awaitNone(AdminSession admin, Identity identity) {
        return refused(Blockers.lasting(admin, identity));
    }

    /** The same without waiting. */
    public static Optional<Refusal> none(AdminSession admin, Identity identity) {
        return refused(Blockers.old(admin, identity));
    }

    private static Optional<Refusal> refused(List<String> blockers) {
        return blockers.isEmpty() ? Optional.empty() : Optional.of(refusal(blockers));
    }

    /** The refusal that names them. */
    public static Refusal refusal(List<String> blockers) {
        return new Refusal(
                "the state before the migration cannot be had: "
                        + (blockers.isEmpty()
                                ? "tables come and go, or were locked just now"
                                : String.join("; ", blockers)),
                "end it (a migration must wait at the gate before it begins; a prepared transaction is"
                        + " committed or rolled back by whoever prepared it), then ask again");
    }
}
