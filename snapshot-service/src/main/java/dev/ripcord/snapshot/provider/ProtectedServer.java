package dev.ripcord.snapshot.provider;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.Shadow;
import dev.ripcord.snapshot.core.Provider.Order;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The server of an enrolled database, looked at and found to be the right one, with the snapshot role's sessions on it. */
public record ProtectedServer(AdminSession admin, MadeDatabases made, Identity identity) implements AutoCloseable {

    /**
     * Opens the sessions; each statement is limited as the policy says.
     *
     * @throws dev.ripcord.databases.RefusedException if the database is not the one that was enrolled
     */
    public static ProtectedServer open(Vertx vertx, Order order) {
        EnrolledDatabase database = order.database();
        FutureTask<MadeDatabases> other = new FutureTask<>(() -> MadeDatabases.open(vertx, order));
        // both at once: each takes several exchanges, and a migration waits
        Thread.startVirtualThread(other);
        AdminSession admin = AdminSession.open(
                vertx,
                database,
                database.roles().snapshot(),
                database.snapshot().limit());
        try {
            Identity identity = order.elsewhere() ? admin.identifySecond() : admin.identify();
            return new ProtectedServer(admin, made(other), identity);
        } catch (RuntimeException e) {
            admin.close();
            Thread.startVirtualThread(() -> closeUnused(other));
            throw e;
        }
    }

    private static MadeDatabases made(FutureTask<MadeDatabases> opened) {
        try {
            return opened.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a session was opened", e);
        }
    }

    private static void closeUnused(FutureTask<MadeDatabases> opened) {
        try {
            made(opened).close();
        } catch (RuntimeException e) {
            // it was not opened: nothing to close
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
