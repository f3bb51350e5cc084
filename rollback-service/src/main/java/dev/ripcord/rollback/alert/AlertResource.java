package dev.ripcord.rollback.alert;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.Intake;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Alerts over HTTP: what monitoring posts, answered with 200 when it is on disk; and what became of it. */
@Path("/alerts")
@Produces(MediaType.APPLICATION_JSON)
public class AlertResource {

    private static final Logger LOG = Logger.getLogger(AlertResource.class);
    private static final int MOST = 1000;
    private static final int MOST_IN_ONE = 5000;

    private final Databases databases;
    private final AlertWriter writer;
    private final AlertBook book;
    private final MeterRegistry metrics;

    AlertResource(Databases databases, AlertWriter writer, AlertBook book, MeterRegistry metrics) {
        this.databases = databases;
        this.writer = writer;
        this.book = book;
        this.metrics = metrics;
    }

    @POST
    @Path("/{intake}")
    @Consumes(MediaType.WILDCARD)
    @PermitAll
    public Response post(
            @PathParam("intake") String id,
            @HeaderParam("Authorization") @Nullable String authorization,
            @HeaderParam(Doorkeeper.SIGNATURE) @Nullable String signature,
            @HeaderParam(Doorkeeper.TIMESTAMP) @Nullable String timestamp,
            byte[] body) {
        Optional<Intake> intake = databases.intake(id).filter(each -> each.kind() != Intake.Kind.github);
        if (intake.isEmpty()) return problem(404, "there is no intake of this name in databases.yaml");
        Doorkeeper.Credentials given = new Doorkeeper.Credentials(authorization, signature, timestamp);
        Optional<String> refusal;
        try {
            refusal = Doorkeeper.refuses(intake.get(), given, body, Instant.now());
        } catch (IllegalStateException e) {
            LOG.errorf("Intake %s lets nobody in: %s", id, e.getMessage());
            return later("the intake's secret cannot be read, the service's log says why");
        }
        if (refusal.isPresent()) {
            count(id, "refused", 1);
            return Response.fromResponse(problem(401, refusal.get()))
                    .header("WWW-Authenticate", "Bearer")
                    .build();
        }
        List<Alert> alerts;
        try {
            alerts = AlertForm.read(intake.get(), body);
        } catch (UnreadableAlertsException e) {
            count(id, "unreadable", 1);
            return problem(400, String.valueOf(e.getMessage()));
        }
        if (alerts.size() > MOST_IN_ONE) return problem(413, "more than " + MOST_IN_ONE + " alerts in one body");
        AlertWriter.Taken taken = writer.take(intake.get(), alerts);
        count(id, taken.name(), alerts.size());
        return switch (taken) {
            case written -> Response.ok(Map.of("alerts", alerts.size())).build();
            case overloaded -> later("more alerts come than can be written");
            case unavailable -> later("alerts cannot be written at the moment");
        };
    }

    @GET
    @RolesAllowed("viewer")
    public List<AlertBook.Entry> newest(
            @QueryParam("database") @Nullable String database, @QueryParam("limit") @DefaultValue("100") int limit) {
        return book.newest(database, Math.clamp(limit, 1, MOST));
    }

    private void count(String intake, String outcome, int alerts) {
        metrics.counter("ripcord.alerts", "intake", intake, "outcome", outcome).increment(alerts);
    }

    private static Response later(String reason) {
        return Response.fromResponse(problem(503, reason))
                .header("Retry-After", "5")
                .build();
    }

    private static Response problem(int status, String reason) {
        return Response.status(status).entity(Map.of("reason", reason)).build();
    }
}
