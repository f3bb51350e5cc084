package dev.ripcord.rollback.deployments;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.Intake;
import dev.ripcord.databases.Secret;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.events.DeploymentEvent;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.Plan.Deployed;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Rollouts as GitHub's webhook tells them, and what is known of them. A delivery that comes again, by GitHub or by somebody
 * who has kept it, changes nothing: GitHub's id of a delivery is not signed, so what counts is the id of the status within
 * the signed body.
 */
@Path("/deployments")
@Produces(MediaType.APPLICATION_JSON)
public class DeploymentResource {

    private static final Logger LOG = Logger.getLogger(DeploymentResource.class);
    private static final Pattern DELIVERY = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final Databases databases;
    private final KnownDeployments deployments;
    private final Inbox inbox;
    private final MeterRegistry metrics;

    DeploymentResource(Databases databases, KnownDeployments deployments, Inbox inbox, MeterRegistry metrics) {
        this.databases = databases;
        this.deployments = deployments;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    @POST
    @Path("/{intake}")
    @Consumes(MediaType.WILDCARD)
    @PermitAll
    public Response post(
            @PathParam("intake") String id,
            @HeaderParam(HubSignature.HEADER) @Nullable String signature,
            @HeaderParam("X-GitHub-Event") @Nullable String event,
            @HeaderParam("X-GitHub-Delivery") @Nullable String delivery,
            @HeaderParam("Content-Type") @Nullable String contentType,
            byte[] body) {
        Secret secret = databases
                .intake(id)
                .filter(intake -> intake.kind() == Intake.Kind.github)
                .map(Intake::signingKey)
                .orElse(null);
        if (secret == null) return problem(404, "there is no intake of kind github of this name in databases.yaml");
        try {
            if (!HubSignature.fits(secret, signature, body)) {
                count(id, "refused");
                return problem(401, HubSignature.HEADER + " does not fit the body and this intake's secret");
            }
        } catch (IllegalStateException e) {
            LOG.errorf("Intake %s lets nobody in: %s", id, e.getMessage());
            return Response.fromResponse(problem(503, "the intake's secret cannot be read, the service's log says why"))
                    .header("Retry-After", "5")
                    .build();
        }
        if (delivery == null || !DELIVERY.matcher(delivery).matches()) {
            return problem(400, "X-GitHub-Delivery must be the delivery's GUID");
        }
        if (contentType == null
                || !contentType.toLowerCase(java.util.Locale.ROOT).startsWith("application/json")) {
            return problem(415, "choose the content type application/json in the webhook's settings");
        }
        if (!"deployment_status".equals(event)) {
            return Response.accepted(Map.of("ignored", "only deployment_status says how a rollout went"))
                    .build();
        }
        try {
            return told(id, GitHubStatus.read(body));
        } catch (IllegalArgumentException e) {
            count(id, "unreadable");
            return problem(400, String.valueOf(e.getMessage()));
        }
    }

    private Response told(String intake, GitHubStatus status) {
        DeploymentEvent event = status.event();
        if (event == null) {
            return Response.accepted(Map.of("ignored", "this state neither begins nor ends a rollout"))
                    .build();
        }
        List<String> about = new ArrayList<>();
        boolean first = false;
        for (DeploymentEvent each : deployments.each(event)) {
            first |= inbox.acceptAndAnnounce(new Envelope<>(
                    "deployment_status/" + status.id() + "/" + each.database(),
                    "/github/" + intake,
                    status.at(),
                    null,
                    each));
            about.add(each.database());
        }
        count(intake, about.isEmpty() ? "unmatched" : first ? "taken" : "duplicate");
        return Response.ok(Map.of("databases", about, "duplicate", !about.isEmpty() && !first))
                .build();
    }

    @GET
    @RolesAllowed("viewer")
    public List<Deployed> recent(@QueryParam("database") @Nullable String database) {
        return database == null ? List.of() : deployments.recent(database);
    }

    private void count(String intake, String outcome) {
        metrics.counter("ripcord.deployments", "intake", intake, "outcome", outcome)
                .increment();
    }

    private static Response problem(int status, String reason) {
        return Response.status(status).entity(Map.of("reason", reason)).build();
    }
}
