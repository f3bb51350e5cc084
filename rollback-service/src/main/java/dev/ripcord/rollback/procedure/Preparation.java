package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.Blockers;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RebuildScripts;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Preparing;
import dev.ripcord.rollback.plan.Planner;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is found out on the server before anything there is changed. */
@ApplicationScoped
class Preparation {

    private static final Duration EACH_LOOK = Duration.ofSeconds(10);

    private static final String UNDEFINED_FUNCTION = "42883";

    private final Vertx vertx;
    private final Planner planner;

    Preparation(Vertx vertx, Planner planner) {
        this.vertx = vertx;
        this.planner = planner;
    }

    record Planned(Plan plan, Identity identity) {}

    /** Makes the plan; throws where the server is not the enrolled one. */
    Planned plan(EnrolledDatabase database, Planning state, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity identity = admin.identify();
            Command command = new Command(state.request().rollback(), fence);
            return new Planned(
                    planner.swap(
                            database,
                            state,
                            admin,
                            identity,
                            command,
                            ready(admin, identity, state.target().copy()).orElse(null)),
                    identity);
        }
    }

    /** A plan, and the state that knows the scripts in it. */
    record Built(Planning state, Plan plan, Identity identity) {}

    /** Makes the plan of a database that is built anew; throws where the server is not the enrolled one. */
    Built rebuild(EnrolledDatabase database, Planning state) {
        List<Script> scripts = RebuildScripts.read(database).stream()
                .map(RebuildScripts.Content::script)
                .toList();
        try (AdminSession admin = admin(database)) {
            Identity identity = admin.identify();
            Planning known = state.of(scripts);
            return new Built(known, planner.rebuild(database, known, admin, identity), identity);
        }
    }

    /** What is no longer as it was planned, in sentences. */
    List<String> changedSince(EnrolledDatabase database, Approving state) {
        return planner.changedSince(database, state);
    }

    sealed interface Readiness {
        /** The copy can be swapped in. */
        record Ready(Shadow copy) implements Readiness {}

        /** There is no copy that nobody could have written to. */
        record NoCopy(String reason) implements Readiness {}

        /** Closing the live database now would do harm, or not work. */
        record Blocked(List<String> blockers) implements Readiness {}
    }

    /** Whether the swap can begin; throws where the server is not the one that was planned for. */
    Readiness look(EnrolledDatabase database, Preparing state) {
        try (AdminSession admin = admin(database)) {
            Identity now = admin.identify();
            if (!now.equals(state.identity())) {
                throw new dev.ripcord.databases.RefusedException(
                        "The live database is another than the planned one: expected " + state.identity() + ", found "
                                + now);
            }
            List<String> blockers = Blockers.lasting(admin, now);
            if (!blockers.isEmpty()) return new Readiness.Blocked(blockers);
            Shadow copy = state.target().copy();
            if (copy == null) return new Readiness.NoCopy("there is none yet");
            if (!copy.systemIdentifier().equals(now.systemIdentifier())) {
                return new Readiness.NoCopy("it is on another server");
            }
            return ready(admin, now, copy)
                    .<Readiness>map(Readiness.Ready::new)
                    .orElseGet(() -> new Readiness.NoCopy("its seal is broken or it is in use: " + copy.name()));
        }
    }

    /** The copy with the seal it has now, if nobody could have written to it since it was proven. */
    private static Optional<Shadow> ready(AdminSession admin, Identity identity, @Nullable Shadow copy) {
        if (copy == null || !copy.systemIdentifier().equals(identity.systemIdentifier())) return Optional.empty();
        Optional<String> sealed = admin.sealSince(copy.oid(), copy.seal());
        if (sealed.isEmpty()) {
            endInterruptedReading(admin, identity, copy);
            sealed = admin.sealSince(copy.oid(), copy.seal());
        }
        return sealed.map(seal -> new Shadow(copy.name(), copy.oid(), seal, copy.systemIdentifier()));
    }

    /** A server that was enrolled by an older version cannot: then another copy is restored. */
    private static void endInterruptedReading(AdminSession admin, Identity identity, Shadow copy) {
        try {
            admin.endInterruptedReading(identity, copy.oid());
        } catch (DatabaseFailure e) {
            if (!UNDEFINED_FUNCTION.equals(e.sqlState())) throw e;
        }
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_LOOK);
    }
}
