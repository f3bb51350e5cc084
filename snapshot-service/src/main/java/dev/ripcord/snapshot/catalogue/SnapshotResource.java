package dev.ripcord.snapshot.catalogue;

import dev.ripcord.delivery.Tasks;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.core.SnapshotState;
import dev.ripcord.snapshot.intake.Requests;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The snapshots that there are and that there were. */
@Path("/snapshots")
@RolesAllowed("viewer")
public class SnapshotResource {

    private static final int NEWEST = 50;

    private final SnapshotProcedure procedure;
    private final Requests requests;
    private final Tasks tasks;

    SnapshotResource(SnapshotProcedure procedure, Requests requests, Tasks tasks) {
        this.procedure = procedure;
        this.requests = requests;
        this.tasks = tasks;
    }

    /** The newest ones, of one database or of all. */
    @GET
    public List<SnapshotEntry> newest(@QueryParam("database") @Nullable String database) {
        // one after the other: each has a manifest
        return tasks.newestIds(procedure, database, NEWEST).stream()
                .map(this::find)
                .flatMap(Optional::stream)
                .map(SnapshotEntry::of)
                .toList();
    }

    /** One of them. */
    @GET
    @Path("/{id}")
    public Response one(@PathParam("id") String id) {
        return find(id).map(found -> Response.ok(SnapshotEntry.of(found)).build())
                .orElseGet(() -> unknown(id));
    }

    /** What a proven one holds. */
    @GET
    @Path("/{id}/manifest")
    public Response manifest(@PathParam("id") String id) {
        return find(id).map(found -> found.state() instanceof SnapshotState.Kept kept
                        ? Response.ok(kept.manifest()).build()
                        : answer(409, "Snapshot " + id + " is not proven, or no longer kept"))
                .orElseGet(() -> unknown(id));
    }

    /** Declares good what it was taken for: it goes when its least retention has passed. */
    @POST
    @Path("/{id}/release")
    @RolesAllowed("requester")
    public Response release(@PathParam("id") String id, @Context SecurityContext caller) {
        if (find(id).isEmpty()) return unknown(id);
        requests.release(id, caller.getUserPrincipal().getName());
        return one(id);
    }

    private Optional<Tasks.View<SnapshotState>> find(String id) {
        return tasks.find(procedure, id);
    }

    private static Response unknown(String id) {
        return answer(404, "There is no snapshot " + id);
    }

    private static Response answer(int status, String reason) {
        return Response.status(status).entity(Map.of("reason", reason)).build();
    }
}
