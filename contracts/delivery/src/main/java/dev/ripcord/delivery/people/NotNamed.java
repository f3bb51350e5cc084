package dev.ripcord.delivery.people;

import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** 401: there is no token at all. */
@Provider
public class NotNamed implements ExceptionMapper<UnauthorizedException> {

    @Override
    public Response toResponse(UnauthorizedException failure) {
        return NotKnown.answer("a token is needed", "send it in the header Authorization: Bearer …");
    }
}
