package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.SecondServer;
import dev.ripcord.databases.EnrolledDatabase.Server;
import dev.ripcord.databases.Identity;
import dev.ripcord.delivery.Procedure.Next;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Plan;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.RollbackEvent.Step;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState;
import dev.ripcord.rollback.core.RollbackState.Installing;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.PointedTo;
import dev.ripcord.rollback.hooks.Hooks;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What is told of a rollback onto the second server. */
@ApplicationScoped
class TellingElsewhere {

    private final Telling tell;
    private final Hooks hooks;

    TellingElsewhere(Telling tell, Hooks hooks) {
        this.tell = tell;
        this.hooks = hooks;
    }

    Next<RollbackState> planned(Planning from, Plan plan, Identity identity) {
        return tell.planned(from, plan, identity);
    }

    Next<RollbackState> refused(RollbackState.Cancellable from, String reason, String next) {
        return tell.refused(from, reason, next);
    }

    Next<RollbackState> restored(Installing to, RestoreEvent.Completed restored) {
        return Next.to(
                to,
                step(
                        to.request(),
                        "restored",
                        restored.millis(),
                        restored.shadow().name() + " on the second server equals the manifest and is closed"));
    }

    Next<RollbackState> installed(EnrolledDatabase database, PointedTo to) {
        Server there = second(database).server();
        String waits = second(database).cutOver() == null
                ? "; point the application there, then: ripcord rollback confirm "
                        + to.request().rollback()
                : "";
        return Next.to(to, step(to.request(), "installed", 0, there.connection() + " is open" + waits));
    }

    /**
     * Has the application pointed to the second server. The call has a JSON object: {@code database}, {@code rollback},
     * {@code connection} (an address without user and password), {@code host}, {@code port}, {@code name}, {@code tls},
     * {@code oldConnection}.
     *
     * @return why it failed, if it did
     */
    Optional<String> cutOver(EnrolledDatabase database, PointedTo state) {
        Server there = second(database).server();
        JsonObject body = new JsonObject()
                .put("database", database.id())
                .put("rollback", state.request().rollback())
                .put("connection", there.connection())
                .put("host", there.host())
                .put("port", there.port())
                .put("name", there.database())
                .put("tls", there.tls().name())
                .put("oldConnection", database.server().connection());
        String answer = hooks.call(second(database).cutOver(), state.request().rollback(), body);
        return answer.startsWith("FAILED") ? Optional.of(answer) : Optional.empty();
    }

    Next<RollbackState> moved(Task<RollbackState> task, EnrolledDatabase database, PointedTo from, String how) {
        Request request = from.request();
        tell.outcome("moved");
        return Next.end(
                from.moved(),
                step(request, "pointed-to", task.inState().toMillis(), how + ", and the database answers there"),
                new RollbackOutcomeEvent.Moved(
                        request.database(),
                        request.rollback(),
                        from.target().snapshot(),
                        second(database).server().connection(),
                        database.server().connection(),
                        from.oldClosed(),
                        from.notBrought(),
                        Duration.between(task.created(), Instant.now()).toMillis(),
                        back(database, from.oldClosed())));
    }

    Next<RollbackState> notInstalled(Installing from, String reason) {
        String next = "mend that, then ask again with a new id";
        tell.outcome("failed");
        return Next.end(
                from.failed(reason, next),
                new RollbackOutcomeEvent.Failed(
                        from.request().database(),
                        from.request().rollback(),
                        "unchanged: the live database is open as it was, and nobody was pointed to the second server",
                        reason,
                        next));
    }

    /** Given up without an answer of the old server: whether the database is closed there is not known. */
    Next<RollbackState> notOpened(Installing from, String reason, RuntimeException failure) {
        String next =
                "once the old server answers, where the database is closed, have a superuser run in its admin database:"
                        + " select ripcord.reopen('" + from.request().database() + "')";
        tell.outcome("failed");
        return Next.end(
                from.failed(reason, next),
                new RollbackOutcomeEvent.Failed(
                        from.request().database(),
                        from.request().rollback(),
                        "not known: whether the old database is closed could not be found out, and nobody was pointed to the"
                                + " second server",
                        reason + "; it could not be opened: " + failure.getMessage(),
                        next));
    }

    Next<RollbackState> notPointed(EnrolledDatabase database, PointedTo from, String reason) {
        String there = second(database).server().connection();
        String next = "point the application to " + there + ", or " + back(database, from.oldClosed());
        tell.outcome("failed");
        return Next.end(
                from.failed(reason, next),
                new RollbackOutcomeEvent.Failed(
                        from.request().database(),
                        from.request().rollback(),
                        "restored and open at " + there + ", but nobody said that the application was pointed there; "
                                + database.server().connection() + " is " + (from.oldClosed() ? "closed" : "open"),
                        reason,
                        next));
    }

    private static String back(EnrolledDatabase database, boolean oldClosed) {
        String old = database.server().connection();
        return oldClosed
                ? "as superuser of " + old + " in " + database.server().adminDatabase() + ": select ripcord.reopen('"
                        + database.id() + "'); then point the application back there"
                : "point the application back to " + old;
    }

    private static SecondServer second(EnrolledDatabase database) {
        SecondServer second = database.secondServer();
        if (second == null) throw new IllegalStateException("databases.yaml names no second server any more");
        return second;
    }

    private static Step step(Request request, String name, long millis, String detail) {
        return new Step(request.database(), request.rollback(), name, millis, detail);
    }
}
