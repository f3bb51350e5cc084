package dev.ripcord.rollback.intake;

import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.RollbackRequestEvent.Approved;
import dev.ripcord.events.RollbackRequestEvent.Rejected;
import dev.ripcord.events.RollbackRequestEvent.ReopenAsked;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
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
import org.jspecify.annotations.Nullable;

/** What an approver says of a rollback. */
@Path("/rollbacks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ApprovalResource {

    private final Tasks tasks;
    private final RollbackProcedure procedure;
    private final Signing signing;

    ApprovalResource(Tasks tasks, RollbackProcedure procedure, Signing signing) {
        this.tasks = tasks;
        this.procedure = procedure;
        this.signing = signing;
    }

    /** What an approver says; {@code reason} where he breaks the glass. */
    public record Said(
            @Nullable String planHash,
            @Nullable String word,
            @Nullable String reason) {}

    @POST
    @Path("/{rollback}/approve")
    @RolesAllowed("approver")
    public Response approve(
            @PathParam("rollback") String rollback, @Nullable Said said, @Context SecurityContext caller) {
        signing.approve(found(rollback), approved(rollback, said, caller, null));
        return RollbackResource.accepted(rollback);
    }

    /** One administrator alone, in an emergency: everybody hears of it. */
    @POST
    @Path("/{rollback}/break-glass")
    @RolesAllowed("administrator")
    public Response breakGlass(
            @PathParam("rollback") String rollback, @Nullable Said said, @Context SecurityContext caller) {
        String reason = said == null ? null : said.reason();
        if (reason == null || reason.isBlank()) {
            throw problem(400, "whoever breaks the glass says why", "ripcord rollback break-glass --help");
        }
        signing.approve(found(rollback), approved(rollback, said, caller, reason));
        return RollbackResource.accepted(rollback);
    }

    private Approved approved(
            String rollback, @Nullable Said said, SecurityContext caller, @Nullable String glassBroken) {
        return new Approved(
                found(rollback).database(),
                rollback,
                said == null || said.planHash() == null ? "" : said.planHash(),
                said == null ? null : said.word(),
                name(caller),
                glassBroken);
    }

    /** A word and a reason. */
    public record Signed(@Nullable String word, @Nullable String reason) {}

    /** Gives a rollback up that holds the live database closed, and opens that again as it was. */
    @POST
    @Path("/{rollback}/reopen")
    @RolesAllowed("approver")
    public Response reopen(
            @PathParam("rollback") String rollback, @Nullable Signed signed, @Context SecurityContext caller) {
        if (signed == null || signed.reason() == null || signed.reason().isBlank()) {
            throw problem(400, "a reason is needed", "ripcord rollback reopen --help");
        }
        Tasks.View<RollbackState> task = found(rollback);
        String done = signing.reopen(
                task, new ReopenAsked(task.database(), rollback, signed.reason(), name(caller)), signed.word());
        return Response.ok(Map.of("rollback", rollback, "done", done)).build();
    }

    @POST
    @Path("/{rollback}/reject")
    @RolesAllowed("approver")
    public Response reject(
            @PathParam("rollback") String rollback,
            RollbackResource.@Nullable Reason reason,
            @Context SecurityContext caller) {
        Tasks.View<RollbackState> task = found(rollback);
        signing.reject(task, new Rejected(task.database(), rollback, RollbackResource.text(reason), name(caller)));
        return RollbackResource.accepted(rollback);
    }

    private Tasks.View<RollbackState> found(String rollback) {
        return tasks.find(procedure, rollback)
                .orElseThrow(() -> problem(404, "there is no rollback " + rollback, "ripcord rollback status"));
    }

    private static String name(SecurityContext caller) {
        return caller.getUserPrincipal().getName();
    }

    private static WebApplicationException problem(int status, String reason, String next) {
        return Problem.of(status, reason, next);
    }
}
