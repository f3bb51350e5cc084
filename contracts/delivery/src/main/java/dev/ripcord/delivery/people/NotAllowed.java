package dev.ripcord.delivery.people;

import io.quarkus.security.ForbiddenException;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 403: the person is known, and lacks the role. */
@Provider
public class NotAllowed implements ExceptionMapper<ForbiddenException> {

    @Context
    @Nullable
    ResourceInfo resource;

    @Override
    public Response toResponse(ForbiddenException failure) {
        return Response.status(403)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of(
                        "reason",
                        "this needs the role " + needed() + ", which your token does not give you",
                        "next",
                        "ask somebody who has it"))
                .build();
    }

    private String needed() {
        if (resource == null || resource.getResourceMethod() == null) return "of somebody else";
        RolesAllowed roles = resource.getResourceMethod().getAnnotation(RolesAllowed.class);
        if (roles == null) roles = resource.getResourceClass().getAnnotation(RolesAllowed.class);
        return roles == null ? "of somebody else" : String.join(" or ", roles.value());
    }
}
