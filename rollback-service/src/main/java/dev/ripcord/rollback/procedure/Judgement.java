package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.AdminSession;
import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import dev.ripcord.databases.LiveSession;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.rollback.core.Request;
import dev.ripcord.rollback.decision.Decision;
import dev.ripcord.rollback.decision.Facts;
import dev.ripcord.rollback.decision.ForwardFix;
import dev.ripcord.rollback.decision.MigrationKind;
import dev.ripcord.rollback.decision.MigrationState;
import dev.ripcord.rollback.decision.Overruling;
import dev.ripcord.rollback.decision.Policies;
import dev.ripcord.rollback.decision.Rung;
import dev.ripcord.rollback.decision.Signal;
import dev.ripcord.rollback.method.down.Bundles;
import dev.ripcord.rollback.migrations.KnownMigrations;
import dev.ripcord.rollback.snapshots.KnownSnapshots.Known;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether the decision policy lets a request become a rollback, by what is known when it is admitted. */
@ApplicationScoped
public class Judgement {

    private static final Duration LOOK = Duration.ofSeconds(5);

    private final Policies policies;
    private final KnownMigrations migrations;
    private final Bundles bundles;
    private final Vertx vertx;

    Judgement(Policies policies, KnownMigrations migrations, Bundles bundles, Vertx vertx) {
        this.policies = policies;
        this.migrations = migrations;
        this.bundles = bundles;
        this.vertx = vertx;
    }

    /**
     * A decision about a request.
     *
     * @param against why it is refused, null where it is not
     * @param next what to do then
     * @param words the rule and its reasons, for the trail
     * @param open whether the news of how the migration ended would change what was known
     */
    public record Judged(@Nullable String against, String next, String words, boolean open) {

        /** Also where nobody can tell the end, for a gate that has not opened. */
        Judged orOverrule(Request request, EnrolledDatabase database) {
            return new Judged(
                    against + uncounted(request, database), next + "." + overriding(!request.automatic()), words, open);
        }
    }

    /** Asks the policy of a database. */
    public Judged judge(Request request, EnrolledDatabase database, Known snapshot) {
        return judge(
                request,
                database,
                snapshot,
                Rung.valueOf(request.ladder().getFirst().name()));
    }

    /**
     * Asks it whether the database may be built anew.
     *
     * @param newest that it could go back to instead, null where there is none
     */
    Judged judgeRebuild(Request request, EnrolledDatabase database, @Nullable Known newest) {
        return judge(request, database, newest, Rung.rebuild);
    }

    private Judged judge(Request request, EnrolledDatabase database, @Nullable Known snapshot, Rung asked) {
        Optional<KnownMigrations.Known> running = migrations.running(database.id());
        Facts facts = facts(request, database, snapshot, asked, running);
        Decision decision = policies.of(database).decide(facts);
        boolean open = facts.migration() == MigrationState.running || facts.migration() == MigrationState.unknown;
        String words = "rule " + decision.rule() + ": " + String.join(" ", decision.reasons());
        return switch (decision) {
            case Decision.RollBack _ -> new Judged(null, "", words, open);
            case Decision.Refuse refuse
            when running.isPresent() ->
                new Judged(
                        words + " " + standing(database, running.get()), ending(database, running.get()), words, open);
            case Decision.Refuse refuse ->
                new Judged(
                        words + uncounted(request, database),
                        refuse.wayOut() + overriding(refuse.overridable()),
                        words,
                        open);
            case Decision.FixForward fix
            when request.automatic() -> new Judged(words, fixes(fix.suggestions()), words, open);
            case Decision.Watch watch
            when request.automatic() -> new Judged(words, "watch it for " + watch.howLong(), words, open);
            case Decision.FixForward _, Decision.Watch _ -> new Judged(null, "", words, open);
        };
    }

    /** What a migration has against a rollback that began since a moment, and has not ended. */
    public Optional<Judged> begunSince(EnrolledDatabase database, Instant moment) {
        return migrations
                .running(database.id())
                .filter(running -> running.since().isAfter(moment))
                .map(running -> new Judged(
                        "a migration runs: " + standing(database, running), ending(database, running), "", true));
    }

    /** Whether all that is told of a migration is that it has not run. */
    boolean neverApplied(String database, @Nullable String migration) {
        return migrations
                .find(database, migration)
                .map(KnownMigrations.Known::state)
                .filter(MigrationState.neverApplied::equals)
                .isPresent();
    }

    private Facts facts(
            Request request,
            EnrolledDatabase database,
            @Nullable Known snapshot,
            Rung asked,
            Optional<KnownMigrations.Known> running) {
        // what is built anew goes back from no migration
        Optional<KnownMigrations.Known> meant = snapshot == null || asked == Rung.rebuild
                ? Optional.empty()
                : migrations.goneBackFrom(request, snapshot.migration());
        return new Facts(
                database.environment(),
                asked,
                Signal.named(request.signals()),
                running.or(() -> meant).map(KnownMigrations.Known::state).orElse(MigrationState.unknown),
                MigrationKind.unknown,
                meant.flatMap(KnownMigrations.Known::sinceItsEnd).orElse(null),
                null,
                snapshot != null && snapshot.usable(),
                snapshot != null && bundles.kept(snapshot.id()),
                database.frozen(Instant.now()),
                overruling(request, database));
    }

    /** In production only a person who was asked for a token overrules a rule. */
    private static @Nullable Overruling overruling(Request request, EnrolledDatabase database) {
        String reason = request.overrides();
        return reason == null || request.automatic() || !counts(request, database)
                ? null
                : new Overruling(request.requestedBy(), reason);
    }

    /** Whether somebody who may do so wants it all the same. */
    static boolean overruled(Request request, EnrolledDatabase database) {
        return overruling(request, database) != null;
    }

    private static boolean counts(Request request, EnrolledDatabase database) {
        return request.byToken() || database.environment() != Environment.production;
    }

    private static String uncounted(Request request, EnrolledDatabase database) {
        if (request.overrides() == null) return "";
        if (request.automatic()) return " Only a person can overrule a rule.";
        return counts(request, database) ? "" : " In production a rule is overruled over HTTP only, with a token.";
    }

    private static String overriding(boolean overridable) {
        return overridable ? " Or ask again with --override REASON." : "";
    }

    private static String fixes(List<ForwardFix> suggestions) {
        return suggestions.stream().map(ForwardFix::what).collect(Collectors.joining("; "));
    }

    /** Who runs it and who stands in its way, as far as that can be seen now. */
    private String standing(EnrolledDatabase database, KnownMigrations.Known running) {
        String since = running.migration() + " began at " + running.since() + " and nobody has told its end.";
        try (AdminSession admin =
                AdminSession.open(vertx, database, database.roles().rollback(), LOOK)) {
            List<LiveSession> sessions = admin.sessions(admin.identify());
            return since
                    + (sessions.isEmpty()
                            ? " No session is seen that runs it."
                            : " Seen: "
                                    + sessions.stream().map(LiveSession::line).collect(Collectors.joining("; ")));
        } catch (DatabaseFailure | RefusedException e) {
            return since + " Its sessions cannot be seen now: " + e.getMessage();
        }
    }

    private static String ending(EnrolledDatabase database, KnownMigrations.Known running) {
        String gate =
                "ripcord gate " + database.id() + " '" + running.migration().replace("'", "'\\''") + "'";
        return "wait until its pipeline tells its end, or tell it: " + gate + " --completed, or " + gate
                + " --failed REASON; where it hangs: ripcord migration show " + database.id()
                + ", then ripcord migration end " + database.id();
    }
}
