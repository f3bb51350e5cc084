package dev.ripcord.notifier.page;

import dev.ripcord.notifier.incident.Incident;
import dev.ripcord.notifier.incident.Incidents;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;

/**
 * Open and past rollbacks, for everybody who can reach it; it shows no secrets and needs nothing from elsewhere. What is below
 * {@code /public} says no more than the channels that are public pages.
 */
@Path("/")
@PermitAll
class StatusPage {

    private static final int MOST = 100;
    private static final String PUBLIC = "/public";
    private static final String NOTHING_FROM_ELSEWHERE =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Incidents incidents;

    StatusPage(Incidents incidents) {
        this.incidents = incidents;
    }

    @CheckedTemplate
    static class Templates {
        private Templates() {}

        static native TemplateInstance page(List<Card> open, List<Card> past, String now, String base);
    }

    /**
     * The page as JSON.
     *
     * @param open rollbacks without an outcome, newest first
     * @param past those with one, newest first
     */
    record Status(Instant at, List<Incident> open, List<Incident> past) {}

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Response page() {
        return shown(status(), "");
    }

    @GET
    @Path("public")
    @Produces(MediaType.TEXT_HTML)
    public Response publicPage() {
        return shown(publicStatus(), PUBLIC);
    }

    @GET
    @Path("status.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Status status() {
        return status(incidents.newest(MOST));
    }

    @GET
    @Path("public/status.json")
    @Produces(MediaType.APPLICATION_JSON)
    public Status publicStatus() {
        return status(incidents.forEverybody(MOST));
    }

    private static Status status(List<Incident> all) {
        return new Status(
                Instant.now(),
                all.stream().filter(Incident::open).toList(),
                all.stream().filter(incident -> !incident.open()).toList());
    }

    private static Response shown(Status status, String base) {
        Instant now = status.at();
        String html = Templates.page(
                        status.open().stream().map(each -> Card.of(each, now)).toList(),
                        status.past().stream().map(each -> Card.of(each, now)).toList(),
                        Card.time(now),
                        base)
                .render();
        return Response.ok(html, "text/html;charset=utf-8")
                .header("Content-Security-Policy", NOTHING_FROM_ELSEWHERE)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header("Cache-Control", "no-store")
                .build();
    }
}
