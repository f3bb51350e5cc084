package dev.ripcord.verifier.watch;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.WatchPolicy;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.events.WatchEvent;
import dev.ripcord.verifier.verification.Context;
import dev.ripcord.verifier.verification.Inspection;
import dev.ripcord.verifier.verification.Occasion;
import dev.ripcord.verifier.verification.Verification;
import dev.ripcord.verifier.watch.WatchState.Over;
import dev.ripcord.verifier.watch.WatchState.Watching;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/** Looks at one database after one rollback until the watch is over, or another rollback has ended. */
public final class Watch implements Procedure<WatchState> {

    public static final String KIND = "watch";

    private static final Duration TURN = Duration.ofMillis(500);

    /** So long the last look is tried again. */
    private static final Duration LAST_TRIES = Duration.ofMinutes(5);

    private final Databases databases;
    private final Manifests manifests;
    private final Verification.LiveDatabase live;
    private final Inspection inspection;
    private final Predicate<Task<WatchState>> superseded;
    /** One look at a time on each server: the verifier's role has few connections, and verifications come first. */
    private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

    /** The manifest of the snapshot that a rollback came back to, empty where there is none. */
    @FunctionalInterface
    public interface Manifests {
        Manifest of(String database, String rollback, Watching watching);
    }

    /** The procedure; {@code superseded} says whether a later rollback of the database is watched. */
    public Watch(
            Databases databases,
            Manifests manifests,
            Verification.LiveDatabase live,
            Inspection inspection,
            Predicate<Task<WatchState>> superseded) {
        this.databases = databases;
        this.manifests = manifests;
        this.live = live;
        this.inspection = inspection;
        this.superseded = superseded;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<WatchState> states() {
        return WatchState.class;
    }

    @Override
    public Next<WatchState> advance(Task<WatchState> task) {
        return switch (task.state()) {
            case Watching watching -> look(task, watching);
            case Over over -> Next.end(over);
        };
    }

    @Override
    public Next<WatchState> onFailure(Task<WatchState> task, RuntimeException failure) {
        Next<WatchState> again = Next.waiting(task.state(), Procedure.backoff(task.attempts()));
        if (!(task.state() instanceof Watching watching)) return again;
        long longest = databases
                .find(task.database())
                .map(database -> (long) database.watch().longSeconds())
                .orElse(0L);
        Instant end = watching.since().plusSeconds(longest).plus(LAST_TRIES);
        boolean over = Instant.now().isAfter(end);
        Verdict verdict = watching.told().isEmpty() ? Verdict.inconclusive : Verdict.failed;
        return over ? completed("could not be looked at", verdict, task, watching) : again;
    }

    private Next<WatchState> look(Task<WatchState> task, Watching watching) {
        EnrolledDatabase database = databases.find(task.database()).orElse(null);
        if (database == null) return over("nothing to look at", task, watching);
        if (superseded.test(task)) return over("another rollback", task, watching);
        // where databases.yaml names no second server any more, its server is the one that the database went to
        boolean second = watching.elsewhere() && database.secondServer() != null;
        EnrolledDatabase there = second ? database.onSecondServer() : database;
        Semaphore turn = turns.computeIfAbsent(
                there.server().host() + ":" + there.server().port(), each -> new Semaphore(1));
        if (!turn.tryAcquire()) return Next.waiting(watching, TURN);
        List<CheckResult> results;
        try {
            results = results(there, manifests.of(task.database(), task.id(), watching));
        } finally {
            turn.release();
        }
        if (results.isEmpty()) return over("nothing to look at", task, watching);
        return judged(task, watching, database.watch(), results);
    }

    private List<CheckResult> results(EnrolledDatabase database, Manifest manifest) {
        try (Context context = context(database, manifest)) {
            return inspection.run(context, Occasion.watch).results();
        }
    }

    /** Where the database itself cannot be asked, its application and its metrics still can. */
    private Context context(EnrolledDatabase database, Manifest manifest) {
        try {
            return live.look(database, manifest, false);
        } catch (RuntimeException e) {
            return new Context(database, manifest, false, Map.of(), limit -> {
                throw new IllegalStateException(e.getMessage(), e);
            });
        }
    }

    private Next<WatchState> judged(
            Task<WatchState> task, Watching watching, WatchPolicy policy, List<CheckResult> results) {
        long seconds = Duration.between(watching.since(), Instant.now()).toSeconds();
        boolean closeEnds = watching.closely() && seconds >= policy.closeSeconds();
        boolean ends = seconds >= policy.longSeconds();
        Health health = Health.before(watching, inspection.verified());
        List<CheckResult> regressed = health.regressed(results, closeEnds || ends);
        int looks = watching.looks() + 1;
        int regressions = watching.regressions() + (regressed.isEmpty() ? 0 : 1);
        Watching next = health.after(watching, watching.closely() && !closeEnds, looks, regressions);
        Verdict verdict = health.verdict(results);
        List<RipcordEvent> events = new ArrayList<>();
        if (!regressed.isEmpty()) {
            events.add(new WatchEvent.Regressed(task.database(), task.id(), looks, regressed));
        }
        if (closeEnds) {
            events.add(
                    new WatchEvent.Settled(task.database(), task.id(), verdict, seconds, looks, regressions, results));
        }
        if (!ends) return new Next<>(next, events, wait(next, policy, seconds), false);
        events.add(new WatchEvent.Completed(task.database(), task.id(), verdict, seconds, looks, regressions, results));
        return Next.<WatchState>end(new Over("watched", verdict, looks, regressions, results))
                .with(events);
    }

    /** Until the next look, or until the watch, or its close part, is over. */
    private static Duration wait(Watching next, WatchPolicy policy, long seconds) {
        long every = next.closely() ? policy.closeEverySeconds() : policy.longEverySeconds();
        long until = next.closely() ? Math.min(policy.closeSeconds(), policy.longSeconds()) : policy.longSeconds();
        return Duration.ofSeconds(Math.clamp(until - seconds, 1, every));
    }

    /** Before its end; whoever was told of a regress hears that nobody looks any more, and closes what it opened. */
    private static Next<WatchState> over(String why, Task<WatchState> task, Watching watching) {
        if (watching.regressions() == 0) return Next.end(ended(why, watching));
        return completed(why, Verdict.inconclusive, task, watching);
    }

    private static Over ended(String why, Watching watching) {
        return new Over(why, null, watching.looks(), watching.regressions(), List.of());
    }

    private static Next<WatchState> completed(String why, Verdict verdict, Task<WatchState> task, Watching watching) {
        return Next.<WatchState>end(ended(why, watching))
                .with(List.of(new WatchEvent.Completed(
                        task.database(),
                        task.id(),
                        verdict,
                        Duration.between(watching.since(), Instant.now()).toSeconds(),
                        watching.looks(),
                        watching.regressions(),
                        List.of())));
    }
}
