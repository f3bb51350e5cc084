package dev.ripcord.rollback.plan;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.AdminSession.Command;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.Identity;
import dev.ripcord.databases.ManifestComparison;
import dev.ripcord.databases.ManifestReader;
import dev.ripcord.databases.PgSession;
import dev.ripcord.databases.SchemaDelta;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.Plan.Losses;
import dev.ripcord.events.Plan.Obstacle;
import dev.ripcord.events.Shadow;
import dev.ripcord.events.TableLoss;
import dev.ripcord.rollback.decision.Change;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.loss.LossStatement;
import dev.ripcord.rollback.loss.QuickLoss;
import dev.ripcord.rollback.loss.ReadCopy;
import dev.ripcord.rollback.loss.Returning;
import dev.ripcord.rollback.loss.SchemaSince;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the live database for a plan: quickly where nobody waits to read it, thoroughly where somebody decides by it. */
final class Inspection {

    /** For the loss statement of a plan that somebody reads. */
    private static final Duration BUDGET = Duration.ofSeconds(7);

    private static final Duration EACH_STATEMENT = Duration.ofSeconds(10);
    private static final String QUICK = "set lock_timeout = '100ms'; set statement_timeout = 500";
    private static final String PATIENT = "set lock_timeout = '100ms'; set statement_timeout = 2000";

    private final Vertx vertx;
    private final EnrolledDatabase database;
    private final AdminSession admin;
    private final Identity identity;
    private final @Nullable Manifest manifest;

    /** For one look; {@code manifest} is that of the snapshot that would come back, null for an undo. */
    Inspection(
            Vertx vertx,
            EnrolledDatabase database,
            AdminSession admin,
            Identity identity,
            @Nullable Manifest manifest) {
        this.vertx = vertx;
        this.database = database;
        this.admin = admin;
        this.identity = identity;
        this.manifest = manifest;
    }

    /** By row counts, and without a copy: in well under two seconds. */
    Findings quickly(boolean copyIsThere) {
        try (PgSession live = live()) {
            List<Obstacle> obstacles = obstacles(live, copyIsThere);
            List<TableLoss> loss = estimate(live);
            return new Findings(
                    new Losses(
                            loss,
                            List.of(),
                            Returning.rows(loss),
                            "estimated from how many rows there are: changed rows do not show, and nobody waits to read this"),
                    obstacles,
                    null,
                    MigrationKind.unknown,
                    List.of());
        }
    }

    /** By the manifest alone, where no copy is ready: unchanged row counts may hide changed rows. */
    Findings withoutCopy() {
        try (PgSession live = live()) {
            List<Obstacle> obstacles = obstacles(live, false);
            List<TableLoss> loss = estimate(live);
            live.execute(PATIENT);
            try {
                SchemaSince since = SchemaSince.UNKNOWN;
                String fingerprint;
                if (manifest == null || manifest.objects().isEmpty()) {
                    fingerprint = ManifestReader.fingerprint(live);
                } else {
                    SchemaDelta delta = SchemaDelta.between(manifest.objects(), live);
                    since = SchemaSince.of(delta);
                    fingerprint = delta.fingerprint();
                }
                Losses losses = new Losses(
                        loss,
                        since.vanishing(live),
                        returning(loss, List.of()),
                        "estimated from how many rows there are, since no copy is ready to compare with: changed rows, and rights, do not show");
                return new Findings(losses, obstacles, fingerprint, Changes.kind(since, List.of()), List.of());
            } catch (DatabaseFailure e) {
                return unread(loss, obstacles, e);
            }
        }
    }

    /**
     * Against the copy that would be swapped in, which is opened to be read and sealed again.
     *
     * @param snapshot whose copy it is
     */
    Findings thoroughly(Command command, String snapshot, Shadow copy) {
        String horizon = manifest == null ? null : admin.horizon(snapshot).orElse(null);
        try (ReadCopy open = ReadCopy.open(admin, command, identity, copy);
                PgSession then = session(open.name());
                PgSession live = live()) {
            List<Obstacle> obstacles = obstacles(live, then, true);
            if (manifest != null) Obstacles.emptied(then, manifest).ifPresent(obstacles::add);
            LossStatement.Counted counted =
                    LossStatement.count(vertx, database, open.name(), manifest, horizon, BUDGET);
            live.execute(PATIENT);
            try {
                return compared(live, then, counted, obstacles);
            } catch (DatabaseFailure e) {
                return unread(counted.tables(), obstacles, e);
            }
        }
    }

    private Findings compared(PgSession live, PgSession then, LossStatement.Counted counted, List<Obstacle> obstacles) {
        SchemaDelta delta = manifest == null || manifest.objects().isEmpty()
                ? SchemaDelta.between(then, live)
                : SchemaDelta.between(manifest.objects(), live);
        SchemaSince since = SchemaSince.of(delta);
        List<Change> changes = Changes.between(then, live);
        Losses losses = new Losses(
                counted.tables(),
                since.vanishing(live),
                returning(counted.tables(), Returning.between(live, then)),
                counted.basis());
        return new Findings(losses, obstacles, delta.fingerprint(), Changes.kind(since, changes), changes);
    }

    /** A schema change holds locks that reading the schema waits for: the plan shows it, and says what it lacks. */
    private static Findings unread(List<TableLoss> loss, List<Obstacle> obstacles, DatabaseFailure reason) {
        return new Findings(
                new Losses(
                        loss,
                        List.of(),
                        Returning.rows(loss),
                        "the live schema could not be read (" + reason.getMessage()
                                + "), so that nothing but rows is listed"),
                obstacles,
                null,
                MigrationKind.unknown,
                List.of());
    }

    private List<TableLoss> estimate(PgSession live) {
        List<TableLoss> loss = manifest == null ? List.of() : QuickLoss.estimate(live, manifest);
        live.execute(QUICK);
        return loss;
    }

    /** What stands in the way of a method that has found out its own loss. */
    List<Obstacle> obstacles() {
        try (PgSession live = live()) {
            live.execute(QUICK);
            return Obstacles.of(admin, identity, live);
        }
    }

    /** Every row there is: what a database that is built anew has none of. */
    Losses everything() {
        try (PgSession live = live()) {
            return new Losses(
                    QuickLoss.everything(live),
                    List.of(),
                    List.of(),
                    "every row of the live database, estimated from how many there are");
        }
    }

    /** The live schema's fingerprint as it is now. */
    String fingerprint() {
        try (PgSession live = live()) {
            return ManifestReader.fingerprint(live);
        }
    }

    private List<String> returning(List<TableLoss> loss, List<String> others) {
        List<String> all = new ArrayList<>(Returning.rows(loss));
        all.addAll(others);
        if (manifest != null) {
            all.addAll(Returning.memberships(
                    manifest.properties().get(ManifestComparison.MEMBERSHIPS), admin.memberships(identity.oid())));
        }
        return all;
    }

    private List<Obstacle> obstacles(PgSession live, boolean copyIsThere) {
        return obstacles(live, live, copyIsThere);
    }

    private List<Obstacle> obstacles(PgSession live, PgSession back, boolean copyIsThere) {
        List<Obstacle> obstacles = new ArrayList<>(Obstacles.of(admin, identity, live));
        Obstacles.sequences(back).ifPresent(obstacles::add);
        obstacles.add(Obstacles.diskSpace(live, copyIsThere));
        return obstacles;
    }

    /** As the role that may read everything and write nothing. */
    private PgSession live() {
        return session(database.server().database());
    }

    private PgSession session(String name) {
        PgSession session =
                PgSession.open(vertx, database.server(), database.roles().rollback(), name, EACH_STATEMENT);
        try {
            session.execute("set lock_timeout = '100ms'");
        } catch (DatabaseFailure e) {
            session.close();
            throw e;
        }
        return session;
    }
}
