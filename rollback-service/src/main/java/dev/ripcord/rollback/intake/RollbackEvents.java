package dev.ripcord.rollback.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.EventHandler;
import dev.ripcord.delivery.Id;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.NotificationEvent;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.SnapshotEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.rollback.core.Approval;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Asked;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.deployments.KnownDeployments;
import dev.ripcord.rollback.method.down.Bundles;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import dev.ripcord.rollback.procedure.Voices;
import dev.ripcord.rollback.rehearsal.RehearsalProcedure;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import dev.ripcord.rollback.snapshots.RestoreProgress;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** What this service records of each event. */
@ApplicationScoped
class RollbackEvents implements EventHandler {

    private final KnownSnapshots snapshots;
    private final Bundles bundles;
    private final KnownMigrations migrations;
    private final Databases databases;
    private final RestoreProgress progress;
    private final KnownDeployments deployments;

    RollbackEvents(
            KnownSnapshots snapshots,
            Bundles bundles,
            KnownMigrations migrations,
            Databases databases,
            RestoreProgress progress,
            KnownDeployments deployments) {
        this.deployments = deployments;
        this.progress = progress;
        this.snapshots = snapshots;
        this.bundles = bundles;
        this.migrations = migrations;
        this.databases = databases;
    }

    @Override
    public Mail on(Envelope<?> envelope, Ledger ledger) {
        return switch (envelope.event()) {
            case RollbackRequestEvent.Requested requested -> {
                Id.require("a rollback", requested.rollback());
                Rung.ladder(requested.way());
                if (requested.signals() != null) requested.signals().forEach(Signal::valueOf);
                ledger.start(
                        RollbackProcedure.KIND,
                        requested.rollback(),
                        requested.database(),
                        new Asked(Request.of(requested, Voices.byToken(envelope))));
                yield Mail.NONE;
            }
            case RollbackRequestEvent.Approved approved -> {
                if (!Voices.byToken(envelope) && !counts(approved)) {
                    ledger.announce(notCounted(approved, approved.approver(), "approve"));
                }
                yield mail(approved.rollback());
            }
            case RollbackRequestEvent.ReopenAsked asked -> {
                if (!Voices.byToken(envelope)) ledger.announce(notCounted(asked, asked.approver(), "reopen"));
                yield mail(asked.rollback());
            }
            case RollbackRequestEvent.Confirmed confirmed -> {
                if (!Voices.byToken(envelope) && !counts(confirmed)) {
                    ledger.announce(notCounted(confirmed, confirmed.confirmedBy(), "confirm"));
                }
                yield mail(confirmed.rollback());
            }
            case RollbackRequestEvent request -> mail(request.rollback());
            case SnapshotEvent snapshot -> {
                snapshots.learn(snapshot, ledger);
                if (snapshot instanceof SnapshotEvent.Started started) bundles.keep(started, ledger);
                if (snapshot instanceof SnapshotEvent.Expired expired) bundles.forget(expired, ledger);
                if (snapshot instanceof SnapshotEvent.Failed failed) migrations.closed(failed, envelope.time(), ledger);
                ledger.wakeAll(RollbackProcedure.KIND, snapshot.database());
                yield Mail.NONE;
            }
            case RestoreEvent.Requested ours -> Mail.NONE;
            case RestoreEvent restore
            when restore.restore().endsWith(RehearsalProcedure.COPY) ->
                new Mail(RehearsalProcedure.KIND, RehearsalProcedure.rehearsalOf(restore.restore()));
            case RestoreEvent.Progressed progressed -> {
                progress.learn(progressed, rollbackOf(progressed.restore()), ledger);
                yield Mail.NONE;
            }
            case RestoreEvent restore -> mail(rollbackOf(restore.restore()));
            case VerificationEvent.Requested ours -> Mail.NONE;
            case VerificationEvent.Passed passed -> mail(passed.rollback());
            case VerificationEvent.Failed failed -> mail(failed.rollback());
            case VerificationEvent.Inconclusive inconclusive -> mail(inconclusive.rollback());
            case DeploymentEvent deployment -> {
                deployments.learn(deployment, envelope.time(), ledger);
                yield Mail.NONE;
            }
            // no snapshot is taken before it, and nobody could tell its end
            case MigrationEvent migration when !Id.holds(migration.migration()) -> Mail.NONE;
            case MigrationEvent migration -> {
                migrations.learn(migration, envelope.time(), ledger);
                yield Mail.NONE;
            }
            case RollbackEvent other -> Mail.NONE;
            case RollbackOutcomeEvent other -> Mail.NONE;
            case NotificationEvent other -> Mail.NONE;
            case AlertEvent other -> Mail.NONE;
            case WatchEvent other -> Mail.NONE;
        };
    }

    @Override
    public boolean begins(RipcordEvent event) {
        return event instanceof RollbackRequestEvent.Requested;
    }

    private boolean counts(RollbackRequestEvent said) {
        return databases
                .find(said.database())
                .map(database -> Approval.counts(database, false))
                .orElse(true);
    }

    private static RollbackEvent notCounted(RollbackRequestEvent event, String name, String command) {
        return new RollbackEvent.ApprovalRefused(
                event.database(),
                event.rollback(),
                name,
                "it came over Kafka with a name alone and does not count; over HTTP it does, with a token: ripcord rollback "
                        + command + " " + event.rollback());
    }

    private static String rollbackOf(String restore) {
        for (String ending : new String[] {RollbackProcedure.FOR_COUNTING, RollbackProcedure.FOR_READING}) {
            if (restore.endsWith(ending)) return restore.substring(0, restore.length() - ending.length());
        }
        return restore;
    }

    private static Mail mail(@Nullable String rollback) {
        return rollback == null ? Mail.NONE : new Mail(RollbackProcedure.KIND, rollback);
    }
}
