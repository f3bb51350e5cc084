package dev.ripcord.rollback.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Id;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.events.RollbackRequestEvent.Cancelled;
import dev.ripcord.events.RollbackRequestEvent.Requested;
import dev.ripcord.events.UnreadableEventException;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.deployments.KnownDeployments;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * CloudEvents over HTTP ("HTTP Protocol Binding for CloudEvents", version 1.0.2), binary and structured, for whoever has
 * no Kafka client, CDEvents among them: what CD systems tell of migrations and deployments is passed on to Kafka; a rollback is asked for in the
 * name of the token's owner. Approvals have an address of their own.
 */
@Path("/events")
@Produces(MediaType.APPLICATION_JSON)
public class EventResource {

    private final KafkaBinding binding;
    private final Inbox inbox;
    private final Databases databases;
    private final KnownDeployments deployments;
    private final Tasks tasks;
    private final RollbackProcedure procedure;

    EventResource(
            @ConfigProperty(name = "ripcord.topic-prefix") String prefix,
            Inbox inbox,
            Databases databases,
            KnownDeployments deployments,
            Tasks tasks,
            RollbackProcedure procedure) {
        this.tasks = tasks;
        this.procedure = procedure;
        this.deployments = deployments;
        this.binding = new KafkaBinding(prefix);
        this.inbox = inbox;
        this.databases = databases;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @RolesAllowed("requester")
    public Response take(byte[] body, @Context HttpHeaders headers, @Context SecurityContext caller) {
        Envelope<?> envelope;
        try {
            envelope = HttpEvent.read(binding, headers.getRequestHeaders(), body);
        } catch (UnreadableEventException e) {
            throw Problem.of(400, String.valueOf(e.getMessage()), "see the JSON Schemas of the events");
        }
        if (envelope.source().startsWith(Inbox.FROM_PEOPLE)) {
            throw Problem.of(400, "no sender has the source " + Inbox.FROM_PEOPLE, "name your own system as source");
        }
        boolean context = envelope.event() instanceof DeploymentEvent
                && envelope.event().database().isEmpty();
        if (!context && databases.find(envelope.event().database()).isEmpty()) {
            throw Problem.of(
                    404, "database " + envelope.event().database() + " is not enrolled", "ripcord enrol --help");
        }
        String name = caller.getUserPrincipal().getName();
        try {
            return switch (envelope.event()) {
                case DeploymentEvent told when told.database().isEmpty() -> context(envelope, told);
                case DeploymentEvent told -> forwarded(envelope);
                case MigrationEvent.SessionEnded not -> throw notHere(envelope);
                case MigrationEvent told -> {
                    Id.require("a migration", told.migration());
                    yield forwarded(envelope);
                }
                case Requested asked -> {
                    Id.require("a rollback", asked.rollback());
                    Rung.ladder(asked.way());
                    Signal.named(asked.signals());
                    yield asked(
                            asked.rollback(),
                            envelope,
                            new Requested(
                                    asked.database(),
                                    asked.rollback(),
                                    asked.migration(),
                                    asked.snapshot(),
                                    asked.undoes(),
                                    asked.reason(),
                                    name,
                                    asked.way(),
                                    asked.signals(),
                                    asked.overrides(),
                                    asked.automatic()));
                }
                case Cancelled told ->
                    asked(
                            told.rollback(),
                            envelope,
                            new Cancelled(told.database(), told.rollback(), told.reason(), name));
                default -> throw notHere(envelope);
            };
        } catch (IllegalArgumentException e) {
            throw Problem.of(400, String.valueOf(e.getMessage()), "see the JSON Schemas of the events");
        }
    }

    /** Said by a person who was asked for a token; the same event told again is the same. */
    private Response asked(String rollback, Envelope<?> told, dev.ripcord.events.RollbackRequestEvent event) {
        if (tasks.find(procedure, rollback)
                .filter(there -> !there.database().equals(event.database()))
                .isPresent()) {
            throw Problem.of(409, "rollback " + rollback + " is of another database", "ask under another id");
        }
        accept(new Envelope<>(
                told.source() + " " + told.id(),
                RollbackResource.SOURCE + "/events",
                told.time(),
                told.traceparent(),
                event));
        return RollbackResource.accepted(rollback);
    }

    /** Whether it was not told before; another event under the id of one that was is refused. */
    private boolean accept(Envelope<?> envelope) {
        boolean first = inbox.acceptAndAnnounce(envelope);
        if (!first) inbox.requireTheSame(envelope);
        return first;
    }

    /** What names a service and an environment is about each database whose {@code delivery.match} fits. */
    private Response context(Envelope<?> envelope, DeploymentEvent told) {
        List<String> about = new ArrayList<>();
        for (DeploymentEvent each : deployments.each(told)) {
            accept(new Envelope<>(
                    envelope.id() + "/" + each.database(),
                    envelope.source(),
                    envelope.time(),
                    envelope.traceparent(),
                    each));
            about.add(each.database());
        }
        return Response.accepted(Map.of("id", envelope.id(), "databases", about))
                .build();
    }

    private Response forwarded(Envelope<?> envelope) {
        boolean first = accept(envelope);
        return Response.accepted(Map.of("id", envelope.id(), "duplicate", !first))
                .build();
    }

    private static RuntimeException notHere(Envelope<?> envelope) {
        return Problem.of(
                422,
                Catalogue.of(envelope.event()).type() + " is not told this way",
                "deployment.*, migration.started, .completed, .failed, .accepted, rollback.requested and .cancelled are");
    }
}
