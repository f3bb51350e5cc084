package dev.ripcord.rollback.rehearsal;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.rollback.rehearsal.RehearsalState.Asked;
import dev.ripcord.rollback.rehearsal.RehearsalState.Wanted;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rehearsals over HTTP. */
@Path("/rehearsals")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class RehearsalResource {

    private final Databases databases;
    private final Tasks tasks;
    private final RehearsalProcedure procedure;

    RehearsalResource(Databases databases, Tasks tasks, RehearsalProcedure procedure) {
        this.databases = databases;
        this.tasks = tasks;
        this.procedure = procedure;
    }

    /** What is asked for; without a snapshot or a migration the newest is meant. */
    public record Asking(
            @Nullable String database,
            @Nullable String snapshot,
            @Nullable String migration,
            boolean kept) {}

    /** A rehearsal as it stands; {@code details} has the report when it is finished. */
    public record View(String rehearsal, String database, String state, boolean finished, Object details) {}

    @POST
    @RolesAllowed("requester")
    public Response ask(@Nullable Asking asking, @Context SecurityContext caller) {
        if (asking == null || asking.database() == null) {
            throw problem(400, "database is needed", "POST {\"database\": …}");
        }
        String database = asking.database();
        if (databases.find(database).isEmpty()) {
            throw problem(404, "database " + database + " is not enrolled", "ripcord enrol --help");
        }
        String id = UUID.randomUUID().toString();
        Wanted wanted = new Wanted(
                asking.snapshot(),
                asking.migration(),
                asking.kept(),
                caller.getUserPrincipal().getName());
        tasks.record(ledger -> ledger.start(RehearsalProcedure.KIND, id, database, new Asked(wanted)));
        return Response.accepted(Map.of("rehearsal", id, "status", "/rehearsals/" + id))
                .build();
    }

    @GET
    @Path("/{rehearsal}")
    @RolesAllowed("viewer")
    public View one(@PathParam("rehearsal") String rehearsal) {
        return tasks.find(procedure, rehearsal)
                .map(task -> new View(
                        task.id(),
                        task.database(),
                        task.state().getClass().getSimpleName(),
                        task.finished(),
                        task.state()))
                .orElseThrow(() -> problem(404, "there is no rehearsal " + rehearsal, "ripcord rollback rehearse"));
    }

    private static WebApplicationException problem(int status, String reason, String next) {
        return new WebApplicationException(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", next))
                .build());
    }
}
