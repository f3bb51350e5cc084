package dev.ripcord.rollback.intake;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.rollback.decision.Decision;
import dev.ripcord.rollback.decision.Facts;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.decision.MigrationState;
import dev.ripcord.rollback.decision.Overruling;
import dev.ripcord.rollback.decision.Policies;
import dev.ripcord.rollback.decision.Rung;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.method.down.Bundles;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether to go back at all, by the policy of the database; asks nothing of the database and begins nothing. */
@Path("/decisions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class DecisionResource {

    private final Databases databases;
    private final KnownSnapshots snapshots;
    private final Bundles bundles;
    private final Policies policies;
    private final KnownMigrations migrations;

    DecisionResource(
            Databases databases,
            KnownSnapshots snapshots,
            Bundles bundles,
            Policies policies,
            KnownMigrations migrations) {
        this.migrations = migrations;
        this.databases = databases;
        this.snapshots = snapshots;
        this.bundles = bundles;
        this.policies = policies;
    }

    /**
     * What is known.
     *
     * @param method that somebody wants, null for none in particular
     * @param signals what is wrong, by the names of {@link Signal}
     * @param state of the migration, by the names of {@link MigrationState}; null for what its pipeline has told
     * @param statements of the migration, from which its kind follows
     * @param freeze whether changes are not wanted now
     * @param overrule why the caller wants the rollback whatever the rules say
     */
    public record Asking(
            @Nullable String database,
            @Nullable String migration,
            @Nullable String method,
            @Nullable List<String> signals,
            @Nullable String state,
            @Nullable String statements,
            boolean freeze,
            @Nullable String overrule) {}

    /** The answer, with what it follows from. */
    public record Answer(String decision, Decision details) {}

    @POST
    @RolesAllowed("viewer")
    public Answer decide(@Nullable Asking asking, @Context SecurityContext caller) {
        if (asking == null || asking.database() == null) throw problem(400, "database is needed");
        EnrolledDatabase database = databases
                .find(asking.database())
                .orElseThrow(() -> problem(404, "database " + asking.database() + " is not enrolled"));
        Facts facts;
        try {
            facts = facts(database, asking, caller.getUserPrincipal().getName());
        } catch (IllegalArgumentException e) {
            throw problem(400, String.valueOf(e.getMessage()));
        }
        Decision decision = policies.of(database).decide(facts);
        return new Answer(name(decision), decision);
    }

    private Facts facts(EnrolledDatabase database, Asking asking, String caller) {
        Optional<KnownSnapshots.Known> snapshot = snapshots.meant(database.id(), null, asking.migration());
        Optional<KnownMigrations.Known> told = migrations
                .running(database.id())
                .or(() -> migrations.find(
                        database.id(),
                        snapshot.map(KnownSnapshots.Known::migration).orElse(asking.migration())));
        return new Facts(
                database.environment(),
                asking.method() == null ? null : Rung.valueOf(asking.method()),
                Signal.named(asking.signals()),
                asking.state() == null
                        ? told.map(KnownMigrations.Known::state).orElse(MigrationState.unknown)
                        : MigrationState.valueOf(asking.state()),
                asking.statements() == null
                        ? MigrationKind.unknown
                        : MigrationKind.of(asking.statements()).kind(),
                told.flatMap(KnownMigrations.Known::sinceItsEnd).orElse(null),
                null,
                snapshot.map(KnownSnapshots.Known::usable).orElse(false),
                snapshot.map(known -> bundles.kept(known.id())).orElse(false),
                asking.freeze() || database.frozen(Instant.now()),
                asking.overrule() == null ? null : new Overruling(caller, asking.overrule()));
    }

    private static String name(Decision decision) {
        return switch (decision) {
            case Decision.RollBack back -> "roll back";
            case Decision.FixForward forward -> "fix forward";
            case Decision.Watch watch -> "watch";
            case Decision.Refuse refuse -> "refuse";
        };
    }

    private static WebApplicationException problem(int status, String reason) {
        return new WebApplicationException(Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(Map.of("reason", reason, "next", "ripcord decide --help"))
                .build());
    }
}
