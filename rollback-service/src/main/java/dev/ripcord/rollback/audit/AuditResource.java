package dev.ripcord.rollback.audit;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trail over HTTP: its records, as JSON or as the lines of a log, its head, and whether it is intact. */
@Path("/audit")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
public class AuditResource {

    private static final int MOST = 1000;
    private static final int AT_ONCE = 200;

    private final Trail trail;

    AuditResource(Trail trail) {
        this.trail = trail;
    }

    /** A record, and the same as one line of a log. */
    public record View(@JsonUnwrapped Entry entry, String line) {}

    @GET
    public List<View> records(
            @QueryParam("rollback") @Nullable String rollback,
            @QueryParam("after") @DefaultValue("0") long after,
            @QueryParam("limit") @DefaultValue("100") int limit) {
        if (limit < 1 || limit > MOST) throw problem(400, "limit is 1 to " + MOST, "go on with after=<last position>");
        return trail.page(rollback, after, limit).stream()
                .map(entry -> new View(entry, Line.of(entry)))
                .toList();
    }

    @GET
    @Path("/head")
    public Head head() {
        return trail.head();
    }

    @GET
    @Path("/verify")
    public Verdict verify(@QueryParam("position") @Nullable Long position, @QueryParam("hash") @Nullable String hash) {
        return trail.verify(kept(position, hash))
                .orElseThrow(() -> problem(503, "a verification is under way", "ask again when it is done"));
    }

    /** In pages: a slow reader holds no connection to the database. */
    @GET
    @Path("/export")
    @Produces(MediaType.TEXT_PLAIN + ";charset=UTF-8")
    public StreamingOutput export(@QueryParam("rollback") @Nullable String rollback) {
        return output -> {
            Writer writer = new OutputStreamWriter(output, StandardCharsets.UTF_8);
            List<Entry> page = trail.page(rollback, 0, AT_ONCE);
            while (!page.isEmpty()) {
                for (Entry entry : page) writer.append(Line.of(entry)).append('\n');
                page = trail.page(rollback, page.getLast().position(), AT_ONCE);
            }
            writer.flush();
        };
    }

    private static @Nullable Head kept(@Nullable Long position, @Nullable String hash) {
        if (position == null && hash == null) return null;
        if (position == null || hash == null)
            throw problem(400, "position and hash belong together", "GET /audit/head");
        try {
            return new Head(position, hash);
        } catch (IllegalArgumentException e) {
            throw problem(400, String.valueOf(e.getMessage()), "GET /audit/head");
        }
    }

    private static WebApplicationException problem(int status, String reason, String next) {
        return new WebApplicationException(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", next))
                .build());
    }
}
