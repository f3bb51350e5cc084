package dev.ripcord.delivery;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** 400: whoever misspells that nothing is to be changed must not have it changed. */
@Provider
public class UnknownField implements ExceptionMapper<UnrecognizedPropertyException> {

    @Override
    public Response toResponse(UnrecognizedPropertyException failure) {
        String where = failure.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
        String known = failure.getKnownPropertyIds().stream()
                .map(Objects::toString)
                .sorted()
                .collect(Collectors.joining(", "));
        return Response.status(400)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", "unknown field " + where, "next", "the fields there are " + known))
                .build();
    }
}
