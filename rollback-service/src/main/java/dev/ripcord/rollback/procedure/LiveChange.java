package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.core.RollbackState.Changing;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.method.Effect;
import dev.ripcord.rollback.method.Ground;
import dev.ripcord.rollback.method.Method;
import io.quarkus.arc.All;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lets the methods that leave the live database where it stands look and act, each time on the right database. */
@ApplicationScoped
class LiveChange {

    private static final Duration EACH_ACT = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Map<Rung, Method> methods;

    LiveChange(Vertx vertx, @All List<Method> methods) {
        this.vertx = vertx;
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
            try (Ground ground = new Ground(
                    vertx, admin, database, state.request(), state.target(), identity, command, state.reading())) {
                return new Drafted(method.draft(ground), identity);
            }
        }
    }

    /** Does it, or finds out that it was done before an interruption. */
    Effect act(EnrolledDatabase database, Changing state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = admin.identify();
            if (!now.equals(state.identity())) {
                throw new RefusedException("The live database is another than the planned one: expected "
                        + state.identity() + ", found " + now);
            }
            Command command = new Command(state.request().rollback(), fence);
            Optional<Effect> before = before(admin, state);
            if (before.isPresent()) {
                admin.open(command, now);
                return before.get();
            }
            try (Ground ground = new Ground(
                    vertx,
                    admin,
                    database,
                    state.request(),
                    state.planning().target(),
                    now,
                    command,
                    state.planning().reading())) {
                return method.act(ground, state.plan());
            } finally {
                admin.open(command, now);
            }
        }
    }

    private static Optional<Effect> before(AdminSession admin, Changing state) {
        return switch (admin.changedInPlace(state.request().rollback()).orElse("none")) {
            case "committed" ->
                Optional.of(new Effect.Done("it was done before an interruption", state.plan().loss()));
            case "in progress" -> throw new IllegalStateException("an earlier attempt has not ended yet");
            default -> Optional.empty();
        };
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }
}
