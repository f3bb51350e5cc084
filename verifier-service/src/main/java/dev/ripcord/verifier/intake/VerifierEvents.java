package dev.ripcord.verifier.intake;

import dev.ripcord.delivery.EventHandler;
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
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.verification.VerificationState;
import jakarta.enterprise.context.ApplicationScoped;

/** Records what is asked of this service, and the manifests it will need. */
@ApplicationScoped
class VerifierEvents implements EventHandler {

    @Override
    public Mail on(Envelope<?> envelope, Ledger ledger) {
        switch (envelope.event()) {
            case VerificationEvent.Requested requested -> start(requested, ledger);
            case SnapshotEvent.Proven proven -> keep(proven, ledger);
            case SnapshotEvent.Expired expired -> Manifests.expire(expired, ledger);
            case VerificationEvent.Passed _, VerificationEvent.Failed _, VerificationEvent.Inconclusive _ -> {}
            case SnapshotEvent.Started _, SnapshotEvent.Completed _, SnapshotEvent.Failed _ -> {}
            case DeploymentEvent _, MigrationEvent _, RollbackRequestEvent _, RestoreEvent _ -> {}
            case RollbackOutcomeEvent outcome -> Watches.begin(outcome, envelope.time(), ledger);
            case RollbackEvent _, NotificationEvent _, AlertEvent _, WatchEvent _ -> {}
        }
        return Mail.NONE;
    }

    /** Whoever asked has its answer since, or went on without one. */
    @Override
    public boolean begins(RipcordEvent event) {
        return event instanceof VerificationEvent.Requested;
    }

    private static void start(VerificationEvent.Requested requested, Ledger ledger) {
        ledger.start(
                Verification.KIND,
                requested.verification(),
                requested.database(),
                new VerificationState.Requested(
                        requested.snapshot(),
                        requested.rollback(),
                        requested.content(),
                        requested.applicationOnly(),
                        requested.schemaOnly()));
    }

    private static void keep(SnapshotEvent.Proven proven, Ledger ledger) {
        Manifests.keep(proven, ledger);
        ledger.query(
                        "select id from task where kind = $1 and not finished and document ->> 'snapshot' = $2",
                        Verification.KIND,
                        proven.snapshot())
                .forEach(row -> ledger.wake(Verification.KIND, row.getString("id")));
    }
}
