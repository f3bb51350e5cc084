package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.PgSession;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.core.Provider.Order;
import java.util.concurrent.FutureTask;

/** The server of an enrolled database, looked at and found to be the right one, with the snapshot role's sessions on it. */
public record ProtectedServer(AdminSession admin, MadeDatabases made, Identity identity) implements AutoCloseable {

    /**
     * Opens the sessions; each statement is limited as the policy says.
     *
     * @throws dev.ripcord.databases.RefusedException if the database is not the one that was enrolled
     */
    public static ProtectedServer open(AdminSessions sessions, Order order) {
        EnrolledDatabase database = order.database();
        // both at once: each takes several exchanges, and a migration waits
        FutureTask<PgSession> other = sessions.begin(database);
        try {
            AdminSession admin = AdminSession.over(sessions.open(database), database);
            try {
                Identity identity = order.elsewhere() ? admin.identifySecond() : admin.identify();
                return new ProtectedServer(
                        admin, new MadeDatabases(sessions.vertx(), order, AdminSessions.opened(other)), identity);
            } catch (RuntimeException e) {
                admin.close();
                throw e;
            }
        } catch (RuntimeException e) {
            AdminSessions.closeUnused(other);
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
