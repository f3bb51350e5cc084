package dev.ripcord.delivery.people;

import io.quarkus.security.AuthenticationFailedException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** 401: the token is nobody's. */
@Provider
public class NotKnown implements ExceptionMapper<AuthenticationFailedException> {

    @Override
    public Response toResponse(AuthenticationFailedException failure) {
        return answer("your token is not accepted: " + failure.getMessage(), "get another from your identity provider");
    }

    static Response answer(String reason, String next) {
        return Response.status(401)
                .header("WWW-Authenticate", "Bearer")
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", next))
                .build();
    }
}
