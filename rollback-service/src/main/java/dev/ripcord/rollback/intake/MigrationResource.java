package dev.ripcord.rollback.intake;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.LiveSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.delivery.Tasks;
import dev.ripcord.events.MigrationEvent;
import dev.ripcord.rollback.migrations.KnownMigrations;
import io.vertx.core.Vertx;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A migration that does not end: who runs it, who blocks whom, and ending one of them at an approver's word. */
@Path("/migrations/{database}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed("approver")
public class MigrationResource {

    private static final Duration EACH_ACT = Duration.ofSeconds(15);

    private final Databases databases;
    private final KnownMigrations migrations;
    private final Tasks tasks;
    private final Vertx vertx;

    MigrationResource(Databases databases, KnownMigrations migrations, Tasks tasks, Vertx vertx) {
        this.databases = databases;
        this.migrations = migrations;
        this.tasks = tasks;
        this.vertx = vertx;
    }

    /**
     * What is seen.
     *
     * @param running the migration whose end nobody has told, null where there is none
     * @param sessions those that change the schema, or stand in somebody's way
     */
    public record View(KnownMigrations.@Nullable Known running, List<LiveSession> sessions) {}

    @GET
    public View look(@PathParam("database") String id) {
        return new View(migrations.running(id).orElse(null), on(id, (admin, identity) -> admin.sessions(identity)));
    }

    /**
     * What is to be ended.
     *
     * @param pid null where no session runs the migration any more, and only its end is to be told
     * @param since when the session began, as it was shown
     */
    public record Ending(
            @Nullable Integer pid,
            @Nullable OffsetDateTime since,
            @Nullable String word,
            @Nullable String reason) {}

    /** What was done. */
    public record Done(String done) {}

    @POST
    @Path("/end")
    public Done end(@PathParam("database") String id, @Nullable Ending ending, @Context SecurityContext caller) {
        String name = caller.getUserPrincipal().getName();
        if (ending == null || ending.reason() == null || ending.reason().isBlank()) {
            throw Problem.of(400, "a reason is needed", "ripcord migration end --help");
        }
        if (!EnrolledDatabase.END_WORD.equals(ending.word())) {
            throw Problem.of(
                    422,
                    name + " typed another word than " + EnrolledDatabase.END_WORD,
                    "ripcord migration show " + id);
        }
        Integer pid = ending.pid();
        return pid == null ? told(id, name, ending.reason()) : ended(id, name, ending.reason(), pid, ending.since());
    }

    private Done ended(String id, String name, String reason, int pid, @Nullable OffsetDateTime since) {
        LiveSession session = look(id).sessions().stream()
                .filter(each ->
                        each.pid() == pid && (since == null || each.since().isEqual(since)))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                        409,
                        "session " + pid + " is gone, is not in " + id
                                + ", or neither changes its schema nor stands in anybody's way",
                        "ripcord migration show " + id));
        Optional<KnownMigrations.Known> running = migrations.running(id);
        String done = on(id, (admin, identity) -> admin.endSession(identity, pid, session.since(), name));
        String whose = session.who() + (session.application().isBlank() ? "" : ", " + session.application());
        tasks.record(ledger -> {
            ledger.announce(new MigrationEvent.SessionEnded(
                    id, running.map(KnownMigrations.Known::migration).orElse("unknown"), name, pid, whose, reason));
            return true;
        });
        // a migration that waited for it goes on
        boolean over =
                session.changesSchema() && running.isPresent() && done.equals("ended") && nobodyChangesTheSchema(id);
        if (over) failed(id, running.get(), name + " had its session ended: " + reason);
        return new Done("session " + pid + " (" + whose + ") "
                + (done.equals("ended") ? "is gone" : "was told to end and is not gone yet")
                + (over ? "; migration " + running.get().migration() + " is told to have failed" : ""));
    }

    /** False also where that cannot be seen: its end can be told then. */
    private boolean nobodyChangesTheSchema(String id) {
        try {
            return look(id).sessions().stream().noneMatch(LiveSession::changesSchema);
        } catch (WebApplicationException e) {
            return false;
        }
    }

    private Done told(String id, String name, String reason) {
        View view = look(id);
        KnownMigrations.Known running = view.running();
        if (running == null) {
            throw Problem.of(409, "no migration of " + id + " is known to be running", "ripcord migration show " + id);
        }
        Optional<LiveSession> busy =
                view.sessions().stream().filter(LiveSession::changesSchema).findFirst();
        if (busy.isPresent()) {
            throw Problem.of(
                    409,
                    "it is running still: " + busy.get().line(),
                    "ripcord migration end " + id + " --pid " + busy.get().pid());
        }
        failed(id, running, name + " says that nobody runs it any more: " + reason);
        return new Done("migration " + running.migration() + " is told to have failed");
    }

    /** Not before it began, whatever the clock of its pipeline says. */
    private void failed(String id, KnownMigrations.Known running, String reason) {
        MigrationEvent.Failed failed = new MigrationEvent.Failed(id, running.migration(), reason);
        Instant now = Instant.now();
        tasks.record(ledger -> {
            migrations.learn(failed, now.isBefore(running.since()) ? running.since() : now, ledger);
            ledger.announce(failed);
            return true;
        });
    }

    private <T> T on(String id, BiFunction<AdminSession, Identity, T> work) {
        EnrolledDatabase database = databases
                .find(id)
                .orElseThrow(() -> Problem.of(404, "database " + id + " is not enrolled", "ripcord enrol --help"));
        try (AdminSession admin =
                AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT)) {
            return work.apply(admin, admin.identify());
        } catch (DatabaseFailure | RefusedException e) {
            throw Problem.of(502, "the server of " + id + ": " + e.getMessage(), "ripcord migration show " + id);
        }
    }
}
