package dev.ripcord.rollback.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.Plan;
import dev.ripcord.events.Plan.Advice;
import dev.ripcord.events.Plan.Consent;
import dev.ripcord.events.Plan.Facts;
import dev.ripcord.events.Plan.Losses;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.events.Plan.Target;
import dev.ripcord.events.Plan.Times;
import dev.ripcord.events.Script;
import dev.ripcord.events.Shadow;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.core.RollbackState.Approving;
import dev.ripcord.rollback.core.RollbackState.Planning;
import dev.ripcord.rollback.core.Rung;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.deployments.KnownDeployments;
import dev.ripcord.rollback.method.Draft;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out what a rollback would do and lose; changes nothing and takes no lock that a writer would notice. */
@ApplicationScoped
public class Planner {

    /** How long a plan may be carried out. */
    static final Duration LIFE = Duration.ofHours(1);

    private static final Duration EACH_LOOK = Duration.ofSeconds(10);
    private static final Times NO_TIMES = new Times(Instant.EPOCH, Instant.EPOCH);

    private final Vertx vertx;
    private final KnownSnapshots snapshots;
    private final History history;
    private final Advisor advisor;
    private final KnownDeployments deployments;

    Planner(Vertx vertx, KnownSnapshots snapshots, History history, Advisor advisor, KnownDeployments deployments) {
        this.deployments = deployments;
        this.vertx = vertx;
        this.snapshots = snapshots;
        this.history = history;
        this.advisor = advisor;
    }

    /**
     * The plan of the swap of the whole database. Where somebody reads it, the rows are compared with the copy.
     *
     * @param copy that is ready, null where one must be restored first
     */
    public Plan swap(
            EnrolledDatabase database,
            Planning state,
            AdminSession admin,
            Identity identity,
            Command command,
            @Nullable Shadow copy) {
        Request request = state.request();
        KnownSnapshots.Known snapshot = snapshot(database, state);
        Inspection inspection =
                new Inspection(vertx, database, admin, identity, snapshot == null ? null : snapshot.manifest());
        Findings findings = !read(database, request)
                ? inspection.quickly(copy != null)
                : copy == null
                        ? inspection.withoutCopy()
                        : inspection.thoroughly(command, state.target().snapshot(), copy);
        Advice advice = advisor.advise(database, request, snapshot, findings.forAdvice());
        Plan plan = new Plan(
                request.undoes() == null ? "full" : "undo",
                target(state, copy != null),
                findings.losses(),
                history.swap(database.id(), request.undoes() != null),
                consent(database, request, advice),
                times(),
                List.of(),
                List.of(),
                findings.obstacles(),
                advice,
                new Facts(identity.systemIdentifier(), identity.oid(), findings.fingerprint()),
                "");
        return whole(database, request, plan, identity);
    }

    /** The plan of a restore on the second server: the database itself is left alone, so nothing is lost in it. */
    public Plan elsewhere(EnrolledDatabase database, Planning state, Identity identity, List<String> steps) {
        Plan plan = new Plan(
                state.rung().name(),
                target(state, false),
                new Losses(List.of(), List.of(), List.of(), "the database here is left as it is"),
                history.swap(database.id(), false),
                consent(database, state.request(), null),
                times(),
                steps,
                List.of(),
                List.of(),
                null,
                new Facts(identity.systemIdentifier(), identity.oid(), null),
                "");
        return whole(database, state.request(), plan, identity);
    }

    /** The plan of a database that is built anew: every row is lost, and no policy approves it in a person's place. */
    public Plan rebuild(EnrolledDatabase database, Planning state, AdminSession admin, Identity identity) {
        List<Script> scripts =
                state.target().scripts() == null ? List.of() : state.target().scripts();
        Inspection inspection = new Inspection(vertx, database, admin, identity, null);
        Plan plan = new Plan(
                state.rung().name(),
                new Target(state.target().snapshot(), state.target().takenAt(), false, false),
                inspection.everything(),
                history.swap(database.id(), false),
                new Consent(
                        EnrolledDatabase.Approval.word.name(),
                        EnrolledDatabase.REBUILD_WORD,
                        database.rollback().approvers()),
                times(),
                scripts.stream()
                        .map(script -> "run " + script.name() + " (SHA-256 " + script.sha256() + ")")
                        .toList(),
                List.of(),
                inspection.obstacles(),
                null,
                new Facts(identity.systemIdentifier(), identity.oid(), null),
                "");
        return whole(database, state.request(), plan, identity);
    }

    /** The plan of a method that leaves the live database where it stands, from what the method has found out. */
    public Plan inPlace(EnrolledDatabase database, Planning state, Identity identity, Draft.Ready draft) {
        Request request = state.request();
        KnownSnapshots.Known snapshot = snapshot(database, state);
        List<Obstacle> obstacles;
        String fingerprint;
        try (AdminSession admin = admin(database)) {
            Inspection inspection = new Inspection(vertx, database, admin, identity, null);
            obstacles = inspection.obstacles();
            fingerprint = read(database, request) ? inspection.fingerprint() : null;
        }
        String basis = Losses.countedBy(state.rung().name())
                ? "found out by the method itself"
                : "not counted: what the statements take away shows when they have run";
        Losses losses = new Losses(draft.loss(), List.of(), List.of(), basis);
        List<Rung> ladder = request.ladder();
        Advice advice = advisor.advise(
                database,
                request,
                snapshot,
                new Advisor.Found(draft.loss(), obstacles, MigrationKind.unknown, List.of()));
        Plan plan = new Plan(
                state.rung().name(),
                target(state, true),
                losses,
                history.inPlace(database.id(), state.rung().name()),
                consent(database, request, advice),
                times(),
                draft.steps(),
                ladder.subList(state.step() + 1, ladder.size()).stream()
                        .map(Rung::name)
                        .toList(),
                obstacles,
                advice,
                new Facts(identity.systemIdentifier(), identity.oid(), fingerprint),
                "");
        return whole(database, request, plan, identity);
    }

    /** What is no longer as the plan says, in sentences; nothing where it can be carried out. */
    public List<String> changedSince(EnrolledDatabase database, Approving state) {
        List<String> changed = new ArrayList<>();
        Facts facts = state.plan().facts();
        KnownSnapshots.Known snapshot = snapshot(database, state.planning());
        if (snapshot != null && !snapshot.usable())
            changed.add("snapshot " + snapshot.id() + " cannot be used any more");
        try (AdminSession admin = admin(database)) {
            Identity now = admin.identify();
            if (!now.equals(state.identity())) {
                return List.of("the live database is another: planned for " + state.identity() + ", found " + now);
            }
            Inspection inspection = new Inspection(vertx, database, admin, now, null);
            inspection.obstacles().stream()
                    .filter(Obstacle::stops)
                    .forEach(each -> changed.add(each.kind() + ": " + each.what() + " (" + each.advice() + ")"));
            if (changed.isEmpty()
                    && facts.schemaFingerprint() != null
                    && !facts.schemaFingerprint().equals(inspection.fingerprint())) {
                changed.add("the live database has another schema by now");
            }
        }
        return changed;
    }

    /** With what was told of rollouts, and its hash. */
    private Plan whole(EnrolledDatabase database, Request request, Plan plan, Identity identity) {
        Plan whole = plan.after(deployments.recent(database.id()));
        return whole.hashed(hash(request, whole, identity));
    }

    private static boolean read(EnrolledDatabase database, Request request) {
        return request.dryRun() || database.approval() == EnrolledDatabase.Approval.word;
    }

    private KnownSnapshots.@Nullable Known snapshot(EnrolledDatabase database, Planning state) {
        if (state.request().undoes() != null) return null;
        return snapshots.meant(database.id(), state.target().snapshot(), null).orElse(null);
    }

    private static Target target(Planning state, boolean warm) {
        return new Target(state.target().snapshot(), state.target().takenAt(), true, warm);
    }

    /** What no person asks for begins without one only where a rule of the policy says so. */
    private static Consent consent(EnrolledDatabase database, Request request, @Nullable Advice advice) {
        boolean alone = !request.automatic() || (advice != null && advice.byItself());
        EnrolledDatabase.Approval approval = alone ? database.approval() : EnrolledDatabase.Approval.word;
        boolean word = approval == EnrolledDatabase.Approval.word;
        return new Consent(
                approval.name(),
                word ? EnrolledDatabase.WORD : null,
                word ? database.rollback().approvers() : 0);
    }

    private static Times times() {
        Instant now = Instant.now();
        return new Times(now, now.plus(LIFE));
    }

    private AdminSession admin(EnrolledDatabase database) {
        return AdminSession.open(vertx, database, database.roles().rollback(), EACH_LOOK);
    }

    /** The same for the same facts, whenever they were found. */
    static String hash(Request request, Plan plan, Identity identity) {
        try {
            // as text: a request may hold half a character
            byte[] facts = KafkaBinding.JSON
                    .writeValueAsString(List.of(request, plan.at(NO_TIMES), identity))
                    .getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(facts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A plan must be writable as JSON", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
