package dev.ripcord.snapshot.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Id;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.delivery.WakeUp;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.core.SnapshotState;
import dev.ripcord.snapshot.core.Taken;
import dev.ripcord.snapshot.provider.AdminSessions;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The gate in front of a migration: it opens when the snapshot is taken. Whoever asks waits for at most 300 seconds and
 * asks again.
 */
@Path("/gates/{database}/{migration}")
@RolesAllowed("requester")
public class GateResource {

    static final String SOURCE = "/ripcord/snapshot/gate";
    private static final long LONGEST_WAIT_SECONDS = 300;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** A virtual thread for each that waits, so that no number of them keeps others from being answered. */
    private static final Executor WAITING =
            task -> Thread.ofVirtual().name("gate").start(task);

    private final Databases databases;
    private final AdminSessions sessions;
    private final Requests requests;
    private final SnapshotProcedure snapshots;
    private final Inbox inbox;
    private final Tasks tasks;
    private final WakeUp wakeUp;

    GateResource(
            Databases databases,
            AdminSessions sessions,
            Requests requests,
            SnapshotProcedure snapshots,
            Inbox inbox,
            Tasks tasks,
            WakeUp wakeUp) {
        this.databases = databases;
        this.sessions = sessions;
        this.requests = requests;
        this.snapshots = snapshots;
        this.inbox = inbox;
        this.tasks = tasks;
        this.wakeUp = wakeUp;
    }

    /**
     * Says that a migration is about to run, and waits for its snapshot. The others hear of it once for each run, however
     * often it is asked one after another.
     */
    @POST
    public CompletionStage<Response> ask(
            @PathParam("database") String database,
            @PathParam("migration") String migration,
            @QueryParam("waitSeconds") @DefaultValue("60") long waitSeconds,
            @Context SecurityContext caller) {
        String name = caller.getUserPrincipal().getName();
        return CompletableFuture.supplyAsync(() -> askNow(database, migration, waitSeconds, name), WAITING);
    }

    private Response askNow(String database, String migration, long waitSeconds, String name) {
        Optional<EnrolledDatabase> enrolled = databases.find(database);
        if (enrolled.isEmpty()) return unknown(database);
        sessions.expect(enrolled.get());
        try {
            Id.require("a migration", migration);
            Optional<String> next = requests.nextSnapshot(database, migration);
            // what is asked for is waited for, and nobody else can have used its id
            if (next.isPresent()) {
                inbox.acceptAndAnnounce(Envelope.of(SOURCE, new MigrationEvent.Started(database, migration, name)));
                return await(next.get(), waitSeconds);
            }
        } catch (IllegalArgumentException e) {
            return answer(
                    400,
                    Map.of("reason", String.valueOf(e.getMessage()), "next", "name the migration as its tool does"));
        }
        return await(requests.snapshotOf(database, migration).orElseThrow(), waitSeconds);
    }

    /** Waits for a snapshot that was asked for. */
    @GET
    public CompletionStage<Response> look(
            @PathParam("database") String database,
            @PathParam("migration") String migration,
            @QueryParam("waitSeconds") @DefaultValue("60") long waitSeconds) {
        return CompletableFuture.supplyAsync(() -> lookNow(database, migration, waitSeconds), WAITING);
    }

    private Response lookNow(String database, String migration, long waitSeconds) {
        if (databases.find(database).isEmpty()) return unknown(database);
        Optional<String> snapshot = requests.snapshotOf(database, migration);
        if (snapshot.isEmpty()) {
            return answer(
                    404,
                    Map.of(
                            "reason",
                            "Nobody has asked for a snapshot before migration " + migration,
                            "next",
                            "ask with POST at the same address"));
        }
        return await(snapshot.get(), waitSeconds);
    }

    private Response await(String id, long waitSeconds) {
        long wait = Math.clamp(waitSeconds, 1, LONGEST_WAIT_SECONDS);
        long until = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        try (WakeUp.Changes changes = wakeUp.changes()) {
            while (true) {
                Optional<Tasks.View<SnapshotState>> snapshot = tasks.find(snapshots, id);
                Response answer = snapshot.map(GateResource::answer).orElseGet(() -> waiting(id, "Taking", null));
                if (answer.getStatus() != 202 || System.nanoTime() > until) return answer;
                try {
                    changes.await(LOOK_AGAIN);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return answer;
                }
            }
        }
    }

    private static Response answer(Tasks.View<SnapshotState> snapshot) {
        return switch (snapshot.state()) {
            case SnapshotState.Taking taking -> waiting(snapshot.id(), "Taking", snapshot.problem());
            case SnapshotState.Abandoning abandoning -> waiting(snapshot.id(), "Abandoning", abandoning.reason());
            case SnapshotState.Proving proving -> open(snapshot.id(), proving.taken());
            case SnapshotState.Kept kept -> open(snapshot.id(), kept.taken());
            case SnapshotState.Doubted doubted -> closed(snapshot.id(), doubted.reason(), doubted.next());
            case SnapshotState.Failed failed -> closed(snapshot.id(), failed.reason(), failed.next());
            case SnapshotState.Expired expired ->
                closed(snapshot.id(), "The snapshot has expired", "ask for another with POST at the same address");
        };
    }

    private static Response open(String snapshot, Taken taken) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gate", "open");
        body.put("snapshot", snapshot);
        body.put("takenAt", taken.takenAt().toString());
        body.put("millis", taken.millis());
        body.put("pauseMillis", taken.pauseMillis());
        return answer(200, body);
    }

    private static Response waiting(String snapshot, String state, @Nullable String problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gate", "waiting");
        body.put("snapshot", snapshot);
        body.put("state", state);
        if (problem != null) body.put("problem", problem);
        return answer(202, body);
    }

    private static Response closed(String snapshot, String reason, String next) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gate", "closed");
        body.put("snapshot", snapshot);
        body.put("reason", reason);
        body.put("next", next);
        return answer(409, body);
    }

    static Response unknown(String database) {
        return answer(
                404,
                Map.of(
                        "reason",
                        "Database " + database + " is not enrolled",
                        "next",
                        "run ripcord enrol, write what it prints into databases.yaml, then restart the services"));
    }

    static Response answer(int status, Map<String, ?> body) {
        return Response.status(status).entity(body).build();
    }
}
