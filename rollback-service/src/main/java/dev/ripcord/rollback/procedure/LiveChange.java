package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.RollbackState.Rehearsing;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.Trace;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets the methods that leave the live database where it stands look and act, each time on the right database. */
@ApplicationScoped
class LiveChange {

    private static final Duration EACH_ACT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final KnownSnapshots snapshots;
    private final Map<Rung, Method> methods;

    LiveChange(Vertx vertx, KnownSnapshots snapshots, @All List<Method> methods) {
        this.vertx = vertx;
        this.snapshots = snapshots;
        this.methods = methods.stream().collect(Collectors.toMap(Method::rung, Function.identity()));
    }

    /** The method of a rung that leaves the database where it stands. */
    Method method(Rung rung) {
        return Optional.ofNullable(methods.get(rung))
                .orElseThrow(() -> new IllegalStateException("no method does " + rung + " in place"));
    }

    record Drafted(Draft draft, Identity identity) {}

    /** What a method would do; throws where the server is not the enrolled one. */
    Drafted draft(EnrolledDatabase database, Planning state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity identity = admin.identify();
            Command command = new Command(state.request().rollback(), fence);
            try (Ground ground = new Ground(vertx, admin, database, identity, command, ask(database, state, null))) {
                return new Drafted(method.draft(ground), identity);
            }
        }
    }

    /**
     * How a rehearsal went.
     *
     * @param trace what its transaction would mean to others; null where there was nothing to do
     */
    record Rehearsed(Effect effect, @Nullable Trace trace) {}

    /** Does it on a copy of the live database and takes it back there; the live database is not touched. */
    Rehearsed rehearse(EnrolledDatabase database, Rehearsing state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = same(admin, state.identity());
            Command command = new Command(state.request().rollback(), fence);
            try (Ground ground =
                    new Ground(vertx, admin, database, now, command, ask(database, state.planning(), state.copy()))) {
                Effect effect = method.act(ground, state.plan());
                return new Rehearsed(effect, ground.trace().orElse(null));
            }
        }
    }

    /** Does it, or finds out that it was done before an interruption. */
    Effect act(EnrolledDatabase database, Changing state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = same(admin, state.identity());
            Command command = new Command(state.request().rollback(), fence);
            Optional<Effect> before = before(admin, state);
            if (before.isPresent()) {
                admin.open(command, now);
                return before.get();
            }
            try (Ground ground =
                    new Ground(vertx, admin, database, now, command, ask(database, state.planning(), null))) {
                return withStatistics(method.act(ground, state.plan()), ground);
            } finally {
                admin.open(command, now);
            }
        }
    }

    private static Effect withStatistics(Effect effect, Ground ground) {
        if (!(effect instanceof Effect.Done done)) return effect;
        long began = System.nanoTime();
        return ground.analyze()
                .map(says -> done.and(new Effect.Note("analyzed", (System.nanoTime() - began) / 1_000_000, says)))
                .orElse(done);
    }

    private static Identity same(AdminSession admin, Identity planned) {
        Identity now = admin.identify();
        if (!now.equals(planned)) {
            throw new RefusedException(
                    "The live database is another than the planned one: expected " + planned + ", found " + now);
        }
        return now;
    }

    private Ground.Ask ask(EnrolledDatabase database, Planning state, @Nullable Shadow stage) {
        String recorded = snapshots
                .meant(database.id(), state.target().snapshot(), null)
                .map(KnownSnapshots.Known::manifest)
                .map(Manifest::migrationVersion)
                .orElse(null);
        return new Ground.Ask(state.request(), state.target(), recorded, state.reading(), stage);
    }

    private static Optional<Effect> before(AdminSession admin, Changing state) {
        return switch (admin.changedInPlace(state.request().rollback()).orElse("none")) {
            case "committed" ->
                Optional.of(new Effect.Done(
                        "it was done before an interruption", state.plan().loss()));
            case "in progress" -> throw new IllegalStateException("an earlier attempt has not ended yet");
            default -> Optional.empty();
        };
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }
}
