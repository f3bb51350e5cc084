package dev.ripcord.snapshot.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.snapshot.core.Providers;
import dev.ripcord.snapshot.core.RestoreProcedure;
import dev.ripcord.snapshot.core.RestoreProcedure.SnapshotOf;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.provider.AdminSessions;
import dev.ripcord.snapshot.provider.archive.ArchiveProvider;
import dev.ripcord.snapshot.provider.clone.CloneProvider;
import dev.ripcord.snapshot.provider.rebuild.ScriptedBuild;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the service consists of, put together. */
@Dependent
class Wiring {

    @Produces
    @Singleton
    AdminSessions sessions(Vertx vertx) {
        return new AdminSessions(vertx);
    }

    @Produces
    @Singleton
    Providers providers(AdminSessions sessions) {
        return new Providers(List.of(new CloneProvider(sessions), new ArchiveProvider(sessions)));
    }

    @Produces
    @Singleton
    SnapshotProcedure snapshots(Databases databases, Providers providers, Requests requests, Figures figures) {
        return new SnapshotProcedure(databases, providers, requests::running, requests::released, figures);
    }

    @Produces
    @Singleton
    RestoreProcedure restores(
            Databases databases,
            Providers providers,
            SnapshotProcedure snapshots,
            Requests requests,
            Tasks tasks,
            AdminSessions sessions,
            @ConfigProperty(name = "ripcord.restore.tell-every", defaultValue = "1500ms") Duration tellEvery) {
        return new RestoreProcedure(
                databases,
                providers,
                new ScriptedBuild(sessions),
                id -> tasks.find(snapshots, id).map(found -> new SnapshotOf(found.database(), found.state())),
                requests::endedRestore,
                tellEvery,
                progress -> tasks.record(ledger -> {
                    ledger.announce(progress);
                    return true;
                }));
    }
}
