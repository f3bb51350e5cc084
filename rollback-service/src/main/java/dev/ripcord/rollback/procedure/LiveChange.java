package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Lets the methods that leave the live database where it stands look and act, each time on the right database. */
@ApplicationScoped
class LiveChange {

    private static final Duration EACH_ACT = Duration.ofSeconds(10);
    private static final Set<String> MAY_BE_DONE = Set.of("committed", "in progress");

    private static final Logger LOG = Logger.getLogger(LiveChange.class);

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
     * @param says what its transaction would mean to others, or why there was none
     */
    record Rehearsed(Effect effect, String says) {}

    /** Does it on a copy of the live database and takes it back there; the live database is not touched. */
    Rehearsed rehearse(EnrolledDatabase database, Rehearsing state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = same(admin, state.identity());
            Command command = new Command(state.request().rollback(), fence);
            try (Ground live =
                    new Ground(vertx, admin, database, now, command, ask(database, state.planning(), null))) {
                Optional<String> not = method.whyNotRehearsed(live, state.plan());
                if (not.isPresent())
                    return new Rehearsed(new Effect.Done("", List.of()), "not rehearsed: " + not.get());
            }
            try (Ground copy =
                    new Ground(vertx, admin, database, now, command, ask(database, state.planning(), state.copy()))) {
                Effect effect = method.act(copy, state.plan());
                String trace = copy.trace().map(Trace::says).orElse("nothing was left to do");
                return new Rehearsed(effect, "rehearsed on " + state.copy().name() + ": " + trace);
            }
        }
    }

    /** Closes the copy where a rehearsal that was interrupted has left it open; else it is closed when it is removed. */
    void endRehearsal(EnrolledDatabase database, Rehearsing state, long fence) {
        try (AdminSession admin = admin(database)) {
            Command command = new Command(state.request().rollback(), fence);
            if (!admin.done(command, "opened for rehearsal")
                    || admin.sealOf(state.copy().oid()).isPresent()) return;
            admin.endRehearsal(command, admin.identify(), state.copy().oid());
        } catch (DatabaseFailure | RefusedException e) {
            LOG.warnf("%s may still be open: %s", state.copy().name(), e.getMessage());
        }
    }

    /** Does it, or finds out that it was done before an interruption. */
    Effect act(EnrolledDatabase database, Changing state, Method method, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = same(admin, state.identity());
            Command command = new Command(state.request().rollback(), fence);
            Optional<Effect> before = before(admin, state, command, now);
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

    private static Optional<Effect> before(AdminSession admin, Changing state, Command command, Identity now) {
        return switch (admin.changedInPlace(command.id()).orElse("none")) {
            case "committed" ->
                Optional.of(new Effect.Done(
                        "it was done before an interruption; the rows are those of the plan",
                        planned(state.plan().loss())));
            case "in progress" -> {
                admin.endInPlace(command, now);
                throw new IllegalStateException("an earlier attempt has not ended yet");
            }
            default -> Optional.empty();
        };
    }

    /** What was lost in the end nobody has counted. */
    private static List<TableLoss> planned(List<TableLoss> loss) {
        return loss.stream()
                .map(each -> new TableLoss(each.table(), each.inserted(), each.updated(), each.deleted(), false))
                .toList();
    }

    /**
     * Lets others at the live database that is given up; where that is not to be had, the next one finds the hold.
     *
     * @return whether it is known that nothing was changed
     */
    boolean letGo(EnrolledDatabase database, Changing state, long fence) {
        try (AdminSession admin = admin(database)) {
            Identity now = same(admin, state.identity());
            Command command = new Command(state.request().rollback(), fence);
            admin.endInPlace(command, now);
            admin.open(command, now);
            return !MAY_BE_DONE.contains(admin.changedInPlace(command.id()).orElse("none"));
        } catch (DatabaseFailure | RefusedException e) {
            LOG.warnf(
                    "%s may still be held by rollback %s: %s",
                    database.id(), state.request().rollback(), e.getMessage());
            return false;
        }
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_ACT);
    }
}
