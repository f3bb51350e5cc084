package dev.ripcord.rollback.intake;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** An answer that says why not, and what to do. */
final class Problem {

    private Problem() {}

    static WebApplicationException of(int status, String reason, String next) {
        return new WebApplicationException(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", next))
                .build());
    }
}
