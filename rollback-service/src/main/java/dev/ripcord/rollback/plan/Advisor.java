package dev.ripcord.rollback.plan;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.events.Plan.Advice;
import dev.ripcord.events.Plan.Fix;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.decision.Change;
import dev.ripcord.rollback.decision.Decision;
import dev.ripcord.rollback.decision.Facts;
import dev.ripcord.rollback.decision.ForwardFix;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.decision.MigrationState;
import dev.ripcord.rollback.decision.Policies;
import dev.ripcord.rollback.decision.Rung;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.method.down.Bundles;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.snapshots.KnownSnapshots;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the decision policy of a database with all that a plan has found out. */
@ApplicationScoped
class Advisor {

    private final Policies policies;
    private final KnownMigrations migrations;
    private final Bundles bundles;

    Advisor(Policies policies, KnownMigrations migrations, Bundles bundles) {
        this.policies = policies;
        this.migrations = migrations;
        this.bundles = bundles;
    }

    /**
     * What has been found out.
     *
     * @param kind of the migration, {@code unknown} where the schemas were not compared
     */
    record Found(List<TableLoss> loss, List<Obstacle> obstacles, MigrationKind kind, List<Change> changes) {}

    /** The policy's answer; none for an undo, which goes back to what was left. */
    @Nullable
    Advice advise(EnrolledDatabase database, Request request, KnownSnapshots.@Nullable Known snapshot, Found found) {
        if (request.undoes() != null) return null;
        Optional<KnownMigrations.Known> running = migrations.running(database.id());
        Optional<KnownMigrations.Known> meant =
                migrations.goneBackFrom(request, snapshot != null ? snapshot.migration() : request.migration());
        Facts facts = new Facts(
                database.environment(),
                Rung.valueOf(request.ladder().getFirst().name()),
                Signal.named(request.signals()),
                state(running.or(() -> meant), found.obstacles()),
                found.kind(),
                meant.flatMap(KnownMigrations.Known::sinceItsEnd).orElse(null),
                found.loss().stream()
                        .mapToLong(table -> table.inserted() + table.updated() + table.deleted())
                        .sum(),
                snapshot != null && snapshot.usable(),
                snapshot != null && bundles.kept(snapshot.id()),
                database.frozen(Instant.now()),
                null);
        return advice(policies.of(database).decide(facts, found.changes()));
    }

    private static MigrationState state(Optional<KnownMigrations.Known> known, List<Obstacle> obstacles) {
        if (obstacles.stream().anyMatch(each -> each.kind().equals("schema change"))) return MigrationState.running;
        return known.map(KnownMigrations.Known::state).orElse(MigrationState.unknown);
    }

    private static Advice advice(Decision decision) {
        return switch (decision) {
            case Decision.RollBack back -> advice("roll back", back, true, back.byItself(), back.alternatives());
            case Decision.FixForward forward ->
                advice("fix forward", forward, forward.overridable(), false, forward.suggestions());
            case Decision.Watch watch -> advice("watch", watch, watch.overridable(), false, List.of());
            case Decision.Refuse refuse -> {
                List<String> reasons = new ArrayList<>(refuse.reasons());
                reasons.add(refuse.wayOut());
                yield new Advice("refuse", refuse.rule(), refuse.overridable(), false, reasons, List.of());
            }
        };
    }

    private static Advice advice(
            String what, Decision decision, boolean overridable, boolean byItself, List<ForwardFix> fixes) {
        return new Advice(
                what,
                decision.rule(),
                overridable,
                byItself,
                decision.reasons(),
                fixes.stream()
                        .map(fix -> new Fix(fix.what(), fix.sql(), fix.caution()))
                        .toList());
    }
}
