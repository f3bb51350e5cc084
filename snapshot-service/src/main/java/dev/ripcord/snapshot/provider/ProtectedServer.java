package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.Shadow;
import io.vertx.core.Vertx;

/** The server of an enrolled database, looked at and found to be the right one, with the snapshot role's sessions on it. */
public record ProtectedServer(AdminSession admin, MadeDatabases made, Identity identity) implements AutoCloseable {

    /**
     * Opens the sessions; each statement is limited as the policy says.
     *
     * @throws dev.ripcord.databases.RefusedException if the database is not the one that was enrolled
     */
    public static ProtectedServer open(Vertx vertx, EnrolledDatabase database) {
        AdminSession admin = AdminSession.open(
                vertx,
                database,
                database.roles().snapshot(),
                database.snapshot().limit());
        try {
            Identity identity = admin.identify();
            return new ProtectedServer(admin, MadeDatabases.open(vertx, database), identity);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    /** Drops a shadow, unless its name belongs to another database by now, or it has another name. */
    public void drop(Shadow shadow) {
        if (!shadow.systemIdentifier().equals(identity.systemIdentifier())) return;
        made.drop(shadow.name(), shadow.oid());
    }

    @Override
    public void close() {
        made.close();
        admin.close();
    }
}
