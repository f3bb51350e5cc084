package dev.ripcord.rollback.report;

import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.RollbackEvent;
import jakarta.annotation.security.RolesAllowed;
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

/** The report of a rollback as Markdown or HTML, and that its post-mortem is done. */
@Path("/rollbacks/{rollback}")
public class ReportResource {

    private static final String NOTHING_FROM_ELSEWHERE =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Reports reports;
    private final Tasks tasks;

    ReportResource(Reports reports, Tasks tasks) {
        this.reports = reports;
        this.tasks = tasks;
    }

    @GET
    @Path("/report.md")
    @Produces("text/markdown;charset=UTF-8")
    @RolesAllowed("viewer")
    public String markdown(@PathParam("rollback") String rollback) {
        return Markdown.of(found(rollback));
    }

    @GET
    @Path("/report.html")
    @Produces("text/html;charset=UTF-8")
    @RolesAllowed("viewer")
    public Response html(@PathParam("rollback") String rollback) {
        return Response.ok(Html.of(found(rollback)))
                .header("Content-Security-Policy", NOTHING_FROM_ELSEWHERE)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .build();
    }

    /** From then on nobody is reminded of it. */
    @POST
    @Path("/post-mortem")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed("requester")
    public Response postMortem(@PathParam("rollback") String rollback, @Context SecurityContext caller) {
        Story story = story(rollback);
        if (story.outcome().isEmpty()) throw problem(409, "rollback " + rollback + " has not ended yet");
        String name = caller.getUserPrincipal().getName();
        String database = story.told().getFirst().event().database();
        tasks.record(ledger -> {
            ledger.announce(new RollbackEvent.PostMortemDone(database, rollback, name));
            return true;
        });
        return Response.accepted(Map.of("rollback", rollback, "doneBy", name)).build();
    }

    private Document found(String rollback) {
        return reports.report(rollback).orElseThrow(() -> unknown(rollback));
    }

    private Story story(String rollback) {
        return reports.story(rollback).orElseThrow(() -> unknown(rollback));
    }

    private static WebApplicationException unknown(String rollback) {
        return problem(404, "there is no rollback " + rollback);
    }

    private static WebApplicationException problem(int status, String reason) {
        return new WebApplicationException(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", "ripcord rollback status"))
                .build());
    }
}
