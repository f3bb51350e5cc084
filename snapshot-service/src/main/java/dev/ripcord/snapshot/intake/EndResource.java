package dev.ripcord.snapshot.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.delivery.Inbox;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.Catalogue;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.snapshot.core.SnapshotProcedure;
import dev.ripcord.snapshot.core.SnapshotState;
import dev.ripcord.snapshot.intake.Requests.Run;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a migration ended, for pipelines without Kafka: it counts here at once and is announced to the others. Only of a
 * migration whose gate has opened: one that never ran can neither have completed nor failed.
 */
@Path("/gates/{database}/{migration}")
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed("requester")
public class EndResource {

    /** It goes into an event and into messages to people. */
    private static final int LONGEST_REASON = 4000;

    /** Within this time the same end told again is the same: its answer was lost. */
    private static final Duration TOLD_AGAIN = Duration.ofMinutes(15);

    private final Databases databases;
    private final Requests requests;
    private final SnapshotProcedure snapshots;
    private final Tasks tasks;
    private final Inbox inbox;

    EndResource(Databases databases, Requests requests, SnapshotProcedure snapshots, Tasks tasks, Inbox inbox) {
        this.databases = databases;
        this.requests = requests;
        this.snapshots = snapshots;
        this.tasks = tasks;
        this.inbox = inbox;
    }

    @POST
    @Path("/completed")
    public Response completed(
            @PathParam("database") String database,
            @PathParam("migration") String migration,
            @QueryParam("snapshot") @Nullable String snapshot) {
        return tell(new MigrationEvent.Completed(database, migration), snapshot);
    }

    /** Why it stopped. */
    public record Failure(@Nullable String reason) {}

    @POST
    @Path("/failed")
    public Response failed(
            @PathParam("database") String database,
            @PathParam("migration") String migration,
            @QueryParam("snapshot") @Nullable String snapshot,
            @Nullable Failure failure) {
        String reason = failure == null ? null : failure.reason();
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            return GateResource.answer(
                    400,
                    Map.of(
                            "reason",
                            "a reason of 1 to " + LONGEST_REASON + " characters is needed",
                            "next",
                            "POST {\"reason\": …}"));
        }
        return tell(new MigrationEvent.Failed(database, migration, reason), snapshot);
    }

    /** Nobody waits for the gate any more, and what it is in front of has not run: it opens for nobody. */
    @POST
    @Path("/withdrawn")
    public Response withdrawn(@PathParam("database") String database, @PathParam("migration") String migration) {
        if (databases.find(database).isEmpty()) return GateResource.unknown(database);
        return requests.run(database, migration)
                .map(run -> ended(new MigrationEvent.Failed(database, migration, MigrationEvent.Failed.NEVER_RAN), run))
                .orElseGet(() -> notOpened(migration));
    }

    @POST
    @Path("/accepted")
    public Response accepted(
            @PathParam("database") String database,
            @PathParam("migration") String migration,
            @Context SecurityContext caller) {
        return tell(
                new MigrationEvent.Accepted(
                        database, migration, caller.getUserPrincipal().getName()),
                null);
    }

    /**
     * Of the run that the snapshot names, or of the newest whose gate has opened: a later one may have been kept out because
     * nobody had told the end of it. Only whoever says that it failed, and not which, may mean the one that was kept out.
     */
    private Response tell(MigrationEvent event, @Nullable String snapshot) {
        if (databases.find(event.database()).isEmpty()) return GateResource.unknown(event.database());
        boolean newestOnly = snapshot == null && event instanceof MigrationEvent.Failed;
        List<Run> runs = requests.runs(event.database(), event.migration(), snapshot);
        Response answer = runs.stream()
                .limit(newestOnly ? 1 : Long.MAX_VALUE)
                .filter(run -> hasOpened(run.snapshot()))
                .findFirst()
                .map(run -> ended(event, run))
                .orElseGet(() -> notOpened(event.migration()));
        return newestOnly && answer.getStatus() == 409
                ? anEarlierOne(event, runs).orElse(answer)
                : answer;
    }

    /** That it may be an earlier run which failed, and how to say so; empty where there is none whose end is to be told. */
    private Optional<Response> anEarlierOne(MigrationEvent event, List<Run> runs) {
        List<String> open = runs.stream()
                .skip(1)
                .filter(run -> run.endedAt() == null && hasOpened(run.snapshot()))
                .map(Run::snapshot)
                .toList();
        if (open.isEmpty()) return Optional.empty();
        String command = Requests.gate(event.database(), event.migration()) + " --snapshot ";
        return Optional.of(GateResource.answer(
                409,
                Map.of(
                        "reason",
                        "The newest run of migration " + event.migration() + ", which waited for snapshot "
                                + runs.getFirst().snapshot()
                                + ", has not failed; of an earlier one nobody has told the end, which waited for snapshot "
                                + String.join(" or ", open),
                        "next",
                        open.stream()
                                        .map(snapshot -> command + snapshot + " --failed REASON")
                                        .collect(Collectors.joining(", or "))
                                + " if that is the one that failed")));
    }

    /**
     * Of a run that has ended nobody can say that it failed: whoever does so means another, whose gate was never asked, and
     * a rollback would follow.
     */
    private Response ended(MigrationEvent event, Run run) {
        String type = Catalogue.of(event).type();
        Instant before = run.endedAt();
        if (before != null
                && Requests.endedAs(event).equals(run.endedAs())
                && before.plus(TOLD_AGAIN).isAfter(Instant.now())) {
            return told(type, run);
        }
        if (before != null && event instanceof MigrationEvent.Failed) {
            return GateResource.answer(
                    409,
                    Map.of(
                            "reason",
                            "Migration " + event.migration() + " has ended already (" + before
                                    + "), and its gate was not asked again since",
                            "next",
                            "ask at the gate before it runs again: ripcord gate --help"));
        }
        Envelope<?> told = Envelope.of(GateResource.SOURCE, event);
        boolean neverRan = event instanceof MigrationEvent.Failed failed && failed.neverRan();
        // to the others both are one migration, and that runs: it would be gone back from in its middle
        if (neverRan && requests.earlierRunGoesOn(run.snapshot())) inbox.accept(told);
        else inbox.acceptAndAnnounce(told);
        return told(type, run);
    }

    private static Response told(String type, Run run) {
        return GateResource.answer(200, Map.of("told", type, "snapshot", run.snapshot()));
    }

    private static Response notOpened(String migration) {
        return GateResource.answer(
                409,
                Map.of(
                        "reason",
                        "The gate has not opened for migration " + migration,
                        "next",
                        "ask at the gate first: ripcord gate --help"));
    }

    private boolean hasOpened(String snapshot) {
        return tasks.find(snapshots, snapshot)
                .map(found -> switch (found.state()) {
                    case SnapshotState.Taking _, SnapshotState.Abandoning _, SnapshotState.Failed _ -> false;
                    case SnapshotState.Proving _,
                            SnapshotState.Kept _,
                            SnapshotState.Doubted _,
                            SnapshotState.Expired _ -> true;
                })
                .orElse(false);
    }
}
