package dev.ripcord.verifier.intake;

import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.verification.VerificationState;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifications over HTTP, as they stand. */
@Path("/verifications")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed("viewer")
class VerificationResource {

    private final Tasks tasks;
    private final Verification verification;

    VerificationResource(Tasks tasks, Verification verification) {
        this.tasks = tasks;
        this.verification = verification;
    }

    /**
     * One verification.
     *
     * @param state {@code requested} or {@code judged}
     * @param verdict null until it is judged
     */
    record View(
            String verification,
            String database,
            @Nullable String rollback,
            String snapshot,
            boolean content,
            String state,
            @Nullable Verdict verdict,
            List<CheckResult> checks,
            Instant requestedAt,
            @Nullable Instant judgedAt) {}

    @GET
    @Path("{id}")
    public View one(@PathParam("id") String id) {
        return tasks.find(verification, id)
                .map(VerificationResource::view)
                .orElseThrow(() -> new NotFoundException("There is no verification " + id));
    }

    private static View view(Tasks.View<VerificationState> task) {
        return switch (task.state()) {
            case VerificationState.Requested requested ->
                new View(
                        task.id(),
                        task.database(),
                        requested.rollback(),
                        requested.snapshot(),
                        requested.content(),
                        "requested",
                        null,
                        List.of(),
                        task.created(),
                        null);
            case VerificationState.Judged judged ->
                new View(
                        task.id(),
                        task.database(),
                        judged.rollback(),
                        judged.snapshot(),
                        judged.content(),
                        "judged",
                        judged.verdict(),
                        judged.checks(),
                        task.created(),
                        task.stateSince());
        };
    }
}
