package dev.ripcord.rollback.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Id;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.core.Standing;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.procedure.RollbackProcedure;
import dev.ripcord.rollback.snapshots.RestoreProgress;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rollbacks over HTTP: the same requests as on Kafka, and how each stands. */
@Path("/rollbacks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class RollbackResource {

    static final String SOURCE = Inbox.FROM_PEOPLE + "rollback";

    /** For the number of an undo that is asked for again. */
    private static final int ROOM = 8;

    private final Inbox inbox;
    private final Tasks tasks;
    private final RollbackProcedure procedure;
    private final Databases databases;
    private final Signing signing;
    private final RestoreProgress progress;

    RollbackResource(
            Inbox inbox,
            Tasks tasks,
            RollbackProcedure procedure,
            Databases databases,
            Signing signing,
            RestoreProgress progress) {
        this.progress = progress;
        this.inbox = inbox;
        this.tasks = tasks;
        this.procedure = procedure;
        this.databases = databases;
        this.signing = signing;
    }

    /**
     * What is asked for.
     *
     * @param rollback an id of the caller's choice, one is made where it is left out
     * @param signals what is wrong, by the names of {@link Signal}
     * @param overrides why it is wanted although the decision policy says otherwise
     * @param automatic whether a monitor or a pipeline asks, and no person
     */
    public record Asking(
            @Nullable String database,
            @Nullable String migration,
            @Nullable String snapshot,
            @Nullable String rollback,
            @Nullable String reason,
            @Nullable Way way,
            @Nullable List<String> signals,
            @Nullable String overrides,
            boolean automatic) {}

    /**
     * A rollback as it stands.
     *
     * @param restore how far the copy is that it waits for, null where it waits for none
     * @param approval how far that has got, while it waits for it
     * @param approvals the same for people
     */
    public record View(
            String rollback,
            String database,
            String state,
            boolean finished,
            Instant requestedAt,
            Instant since,
            @Nullable String problem,
            RestoreEvent.@Nullable Progressed restore,
            @Nullable Standing approval,
            @Nullable String approvals,
            RollbackState details) {}

    @POST
    @RolesAllowed("requester")
    public Response ask(@Nullable Asking asking, @Context SecurityContext caller) {
        if (asking == null || asking.database() == null || asking.reason() == null) {
            throw problem(400, "database and reason are needed", "POST {\"database\": …, \"reason\": …}");
        }
        if (databases.find(asking.database()).isEmpty()) {
            throw problem(404, "database " + asking.database() + " is not enrolled", "ripcord enrol --help");
        }
        String rollback = asking.rollback() == null ? UUID.randomUUID().toString() : asking.rollback();
        try {
            Id.require("a rollback", rollback);
            Rung.ladder(asking.way());
            Signal.named(asking.signals());
        } catch (IllegalArgumentException e) {
            throw problem(400, String.valueOf(e.getMessage()), "ripcord rollback request --help");
        }
        if (tasks.find(procedure, rollback)
                .filter(there -> !there.database().equals(asking.database()))
                .isPresent()) {
            throw problem(409, "rollback " + rollback + " is of another database", "ask under another id");
        }
        inbox.acceptAndAnnounce(new Envelope<>(
                rollback,
                SOURCE,
                Instant.now(),
                null,
                new RollbackRequestEvent.Requested(
                        asking.database(),
                        rollback,
                        asking.migration(),
                        asking.snapshot(),
                        null,
                        asking.reason(),
                        name(caller),
                        asking.way(),
                        asking.signals(),
                        asking.overrides(),
                        asking.automatic())));
        return accepted(rollback);
    }

    @GET
    @RolesAllowed("viewer")
    public List<View> all(@QueryParam("database") @Nullable String database) {
        return tasks.newest(procedure, database, 100).stream()
                .map(task -> view(task, null))
                .toList();
    }

    @GET
    @Path("/{rollback}")
    @RolesAllowed("viewer")
    public View one(@PathParam("rollback") String rollback) {
        Tasks.View<RollbackState> task = found(rollback);
        return view(task, task.state() instanceof Approving approving ? signing.standing(rollback, approving) : null);
    }

    @POST
    @Path("/{rollback}/confirm")
    @RolesAllowed("requester")
    public Response confirm(@PathParam("rollback") String rollback, @Context SecurityContext caller) {
        Tasks.View<RollbackState> task = found(rollback);
        if (!(task.state() instanceof RollbackState.PointedTo)) {
            throw problem(
                    409,
                    "rollback " + rollback + " does not wait for anybody's confirmation",
                    "ripcord rollback status " + rollback);
        }
        send(new RollbackRequestEvent.Confirmed(task.database(), rollback, name(caller)));
        return accepted(rollback);
    }

    /** Why. */
    public record Reason(@Nullable String reason) {}

    @POST
    @Path("/{rollback}/cancel")
    @RolesAllowed("requester")
    public Response cancel(@PathParam("rollback") String rollback, Reason reason, @Context SecurityContext caller) {
        inbox.acceptAndAnnounce(Envelope.of(
                SOURCE,
                new RollbackRequestEvent.Cancelled(
                        cancellable(rollback).database(), rollback, text(reason), name(caller))));
        return accepted(rollback);
    }

    /**
     * How it is wanted back.
     *
     * @param overrides why although a migration runs that began after the rollback
     */
    public record Undoing(@Nullable String reason, @Nullable String overrides) {}

    @POST
    @Path("/{rollback}/undo")
    @RolesAllowed("requester")
    public Response undo(
            @PathParam("rollback") String rollback, @Nullable Undoing asked, @Context SecurityContext caller) {
        Tasks.View<RollbackState> task = found(rollback);
        String undo = undoOf(rollback);
        inbox.acceptAndAnnounce(new Envelope<>(
                undo,
                SOURCE,
                Instant.now(),
                null,
                new RollbackRequestEvent.Requested(
                        task.database(),
                        undo,
                        null,
                        null,
                        rollback,
                        text(asked == null ? null : new Reason(asked.reason())),
                        name(caller),
                        null,
                        null,
                        asked == null ? null : asked.overrides(),
                        null)));
        return accepted(undo);
    }

    /** The one that is under way or has swapped back, else one that is new: what was refused or failed can be asked again. */
    private String undoOf(String rollback) {
        String first = "undo-" + rollback;
        if (first.length() > Id.LONGEST - ROOM) first = "undo-" + UUID.nameUUIDFromBytes(rollback.getBytes(UTF_8));
        String undo = first;
        for (int again = 2; over(undo, rollback); again++) undo = first + "-" + again;
        return undo;
    }

    /** Also where it is another's, whose id ends with a number. */
    private boolean over(String undo, String rollback) {
        return tasks.find(procedure, undo)
                .filter(task -> !rollback.equals(task.state().request().undoes())
                        || (task.finished() && !(task.state() instanceof RollbackState.Undone)))
                .isPresent();
    }

    private void send(RollbackRequestEvent event) {
        inbox.accept(Envelope.of(SOURCE, event));
    }

    private Tasks.View<RollbackState> cancellable(String rollback) {
        Tasks.View<RollbackState> task = found(rollback);
        if (!(task.state() instanceof RollbackState.Cancellable)) {
            throw problem(
                    409, "rollback " + rollback + " can no longer be cancelled", "ripcord rollback status " + rollback);
        }
        return task;
    }

    private Tasks.View<RollbackState> found(String rollback) {
        return tasks.find(procedure, rollback)
                .orElseThrow(() -> problem(404, "there is no rollback " + rollback, "ripcord rollback status"));
    }

    private View view(Tasks.View<RollbackState> task, @Nullable Standing standing) {
        return new View(
                task.id(),
                task.database(),
                task.state().getClass().getSimpleName(),
                task.finished(),
                task.created(),
                task.stateSince(),
                task.problem(),
                waitsForCopy(task.state()) ? progress.of(task.id()).orElse(null) : null,
                standing,
                standing == null ? null : standing.line(),
                task.state());
    }

    private static boolean waitsForCopy(RollbackState state) {
        return state instanceof RollbackState.Restoring
                || state instanceof RollbackState.Moving
                || state instanceof RollbackState.Copying
                || state instanceof RollbackState.Counting;
    }

    static Response accepted(String rollback) {
        return Response.accepted(Map.of("rollback", rollback, "status", "/rollbacks/" + rollback))
                .build();
    }

    static String text(@Nullable Reason reason) {
        return reason == null || reason.reason() == null ? "" : reason.reason();
    }

    private static String name(SecurityContext caller) {
        return caller.getUserPrincipal().getName();
    }

    private static WebApplicationException problem(int status, String reason, String next) {
        return Problem.of(status, reason, next);
    }
}
