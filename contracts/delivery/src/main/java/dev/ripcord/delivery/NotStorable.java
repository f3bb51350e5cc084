package dev.ripcord.delivery;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** 400: PostgreSQL cannot keep a text, for a character in it or its size; 503: the state database does not answer as it should. */
@Provider
public class NotStorable implements ExceptionMapper<StateDatabaseException> {

    @Override
    public Response toResponse(StateDatabaseException failure) {
        return failure.unacceptable() && !failure.violatesConstraint()
                ? answer(
                        400,
                        "it cannot be recorded: a text holds a character that PostgreSQL does not keep, or is too long",
                        "send it without")
                : answer(503, "nothing was recorded: the state database does not answer", "ask again");
    }

    private static Response answer(int status, String reason, String next) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", next))
                .build();
    }
}
