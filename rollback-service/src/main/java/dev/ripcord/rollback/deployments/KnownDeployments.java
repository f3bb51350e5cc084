package dev.ripcord.rollback.deployments;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Ledger;
import dev.ripcord.delivery.StateDatabase;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.Plan.Deployed;
import io.vertx.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rollouts of each database's application, as they were told; in whatever order that arrived. */
@ApplicationScoped
public class KnownDeployments {

    private static final int SHOWN = 5;
    private static final int LONGEST = 1000;

    private final StateDatabase state;
    private final Databases databases;

    KnownDeployments(StateDatabase state, Databases databases) {
        this.state = state;
        this.databases = databases;
    }

    /** The same about one database each: the one it names, or those whose {@code delivery.match} fits. */
    public List<DeploymentEvent> each(DeploymentEvent event) {
        if (!event.database().isEmpty())
            return databases.find(event.database()).isPresent() ? List.of(event) : List.of();
        return databases.databases().stream()
                .filter(database -> database.delivery().concerns(event.service(), event.environment()))
                .map(EnrolledDatabase::id)
                .map(database -> about(database, event))
                .toList();
    }

    private static DeploymentEvent about(String database, DeploymentEvent event) {
        return switch (event) {
            case DeploymentEvent.Started told ->
                new DeploymentEvent.Started(
                        database,
                        told.deployment(),
                        told.release(),
                        told.startedBy(),
                        told.service(),
                        told.environment(),
                        told.image());
            case DeploymentEvent.Completed told ->
                new DeploymentEvent.Completed(
                        database,
                        told.deployment(),
                        told.release(),
                        told.startedBy(),
                        told.service(),
                        told.environment(),
                        told.image());
            case DeploymentEvent.Failed told ->
                new DeploymentEvent.Failed(
                        database,
                        told.deployment(),
                        told.release(),
                        told.reason(),
                        told.startedBy(),
                        told.service(),
                        told.environment(),
                        told.image());
            case DeploymentEvent.Noted told ->
                new DeploymentEvent.Noted(
                        database,
                        told.deployment(),
                        told.what(),
                        told.service(),
                        told.environment(),
                        told.image(),
                        told.detail());
        };
    }

    /** Keeps what an event tells, in the transaction that records the event. */
    public void learn(DeploymentEvent event, Instant at, Ledger ledger) {
        for (DeploymentEvent one : each(event)) {
            switch (one) {
                case DeploymentEvent.Started told ->
                    keep(told, "started", told.release(), told.startedBy(), null, at, ledger);
                case DeploymentEvent.Completed told ->
                    keep(told, "completed", told.release(), told.startedBy(), null, at, ledger);
                case DeploymentEvent.Failed told ->
                    keep(told, "failed", told.release(), told.startedBy(), told.reason(), at, ledger);
                case DeploymentEvent.Noted told -> keep(told, told.what(), null, null, told.detail(), at, ledger);
            }
        }
    }

    private static void keep(
            DeploymentEvent event,
            String what,
            @Nullable String release,
            @Nullable String by,
            @Nullable String detail,
            Instant at,
            Ledger ledger) {
        ledger.query(
                """
                insert into known_deployment as known (database_id, deployment, what, release, started_by, service, environment, image, detail, at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (database_id, deployment) do update set
                       what = case when excluded.at >= known.at then excluded.what else known.what end,
                       detail = case when excluded.at >= known.at then excluded.detail else known.detail end,
                       release = coalesce(known.release, excluded.release), started_by = coalesce(known.started_by, excluded.started_by),
                       service = coalesce(known.service, excluded.service), environment = coalesce(known.environment, excluded.environment),
                       image = coalesce(known.image, excluded.image), at = greatest(known.at, excluded.at)""",
                event.database(),
                bounded(event.deployment()),
                bounded(what),
                bounded(release),
                bounded(by),
                bounded(event.service()),
                bounded(event.environment()),
                bounded(event.image()),
                bounded(detail),
                at.atOffset(ZoneOffset.UTC));
        ledger.query(
                "delete from known_deployment where database_id = $1 and at < now() - interval '90 days'",
                event.database());
    }

    private static @Nullable String bounded(@Nullable String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /** The newest of a database. */
    public List<Deployed> recent(String database) {
        return state
                .query(
                        "select * from known_deployment where database_id = $1 order by at desc, deployment limit $2",
                        database,
                        SHOWN)
                .stream()
                .map(KnownDeployments::deployed)
                .toList();
    }

    private static Deployed deployed(Row row) {
        return new Deployed(
                row.getString("deployment"),
                row.getString("what"),
                row.getString("release"),
                row.getString("started_by"),
                row.getString("service"),
                row.getString("environment"),
                row.getString("image"),
                row.getString("detail"),
                row.getOffsetDateTime("at").toInstant());
    }
}
