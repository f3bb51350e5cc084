package dev.ripcord.verifier.verification;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.RefusedException;
import dev.ripcord.databases.StandbyException;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Manifest;
import dev.ripcord.events.RestoreEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;

/** One verification from the request to the verdict. */
public final class Verification implements Procedure<VerificationState> {

    public static final String KIND = "verification";

    private static final Duration MANIFEST_LIMIT = Duration.ofSeconds(20);
    /** What a database is held against that scripts have built: nothing. */
    public static final Manifest NONE =
            new Manifest("", "", "", Instant.EPOCH, "", List.of(), List.of(), List.of(), Map.of(), null, List.of());

    private static final Duration TURN = Duration.ofMillis(100);
    private static final int MOST_ATTEMPTS = 5;
    /** So long a server that restarts, or another that takes over, is waited for: nothing is known of a database until then. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);
    /** Fits, with all sessions of each, into the connections that the verifier's role has on a server. */
    private static final int AT_ONCE_PER_SERVER = 2;

    private final Databases databases;
    private final Manifests manifests;
    private final LiveDatabase live;
    private final Inspection inspection;
    private final BiConsumer<Verdict, List<CheckResult>> measured;
    private final Map<String, Semaphore> turns = new ConcurrentHashMap<>();

    /** Where the manifest of a snapshot of a database is found, if it is known. */
    @FunctionalInterface
    public interface Manifests {
        Optional<Manifest> find(String database, String snapshot);
    }

    /** Looks at the live database of an enrolment, which must be the one that was enrolled. */
    @FunctionalInterface
    public interface LiveDatabase {
        Context look(EnrolledDatabase database, Manifest manifest, boolean content);
    }

    /** The procedure; {@code measured} hears of every verdict. */
    public Verification(
            Databases databases,
            Manifests manifests,
            LiveDatabase live,
            Inspection inspection,
            BiConsumer<Verdict, List<CheckResult>> measured) {
        this.databases = databases;
        this.manifests = manifests;
        this.live = live;
        this.inspection = inspection;
        this.measured = measured;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<VerificationState> states() {
        return VerificationState.class;
    }

    @Override
    public Next<VerificationState> advance(Task<VerificationState> task) {
        return switch (task.state()) {
            case VerificationState.Requested requested -> judge(task, requested);
            case VerificationState.Judged judged -> Next.end(judged);
        };
    }

    @Override
    public Next<VerificationState> onFailure(Task<VerificationState> task, RuntimeException failure) {
        return switch (task.state()) {
            case VerificationState.Requested requested
            when failure instanceof DatabaseFailure known && known.passing() && maybeBack(task) ->
                Next.waiting(requested, ASK_AGAIN);
            case VerificationState.Requested requested ->
                task.attempts() + 1 < MOST_ATTEMPTS
                        ? Next.waiting(requested, Procedure.backoff(task.attempts()))
                        : inconclusive(task, requested, "server", "a session", String.valueOf(failure.getMessage()));
            case VerificationState.Judged judged -> Next.end(judged);
        };
    }

    private Next<VerificationState> judge(Task<VerificationState> task, VerificationState.Requested requested) {
        Optional<EnrolledDatabase> found = databases.find(task.database());
        if (found.isEmpty()) {
            return inconclusive(task, requested, "enrolment", "an enrolled database", "not in databases.yaml");
        }
        Optional<Manifest> manifest =
                requested.applicationOnly() && requested.snapshot().startsWith(RestoreEvent.REBUILD)
                        ? Optional.of(NONE)
                        : manifests.find(task.database(), requested.snapshot());
        if (manifest.isEmpty()) {
            Duration left = MANIFEST_LIMIT.minus(task.inState());
            if (left.isPositive()) return Next.waiting(requested, left);
            String expected = "the manifest of snapshot " + requested.snapshot();
            return inconclusive(task, requested, "manifest", expected, "not announced");
        }
        EnrolledDatabase database = found.get();
        String server = database.server().host() + ":" + database.server().port();
        Semaphore turn = turns.computeIfAbsent(server, each -> new Semaphore(AT_ONCE_PER_SERVER));
        if (!turn.tryAcquire()) return Next.waiting(requested, TURN);
        try {
            return inspect(task, requested, database, manifest.get());
        } finally {
            turn.release();
        }
    }

    private Next<VerificationState> inspect(
            Task<VerificationState> task,
            VerificationState.Requested requested,
            EnrolledDatabase database,
            Manifest manifest) {
        try (Context context = live.look(database, manifest, requested.content())) {
            Inspection.Answers answers = inspection.run(context, requested.occasion());
            if (answers.cutOff() && maybeBack(task)) return Next.waiting(requested, ASK_AGAIN);
            List<CheckResult> results = answers.results();
            // a change in place was proven before it was committed: where nothing else is configured, nothing else is
            // asked
            boolean enough = requested.applicationOnly() && results.isEmpty();
            return end(task, requested, enough ? Verdict.passed : Inspection.verdict(results), results);
        } catch (StandbyException e) {
            // one that takes over, or was taken over from: soon another answers at this address, or this one writes
            // again
            if (maybeBack(task)) return Next.waiting(requested, ASK_AGAIN);
            return inconclusive(task, requested, "server", "no standby", String.valueOf(e.getMessage()));
        } catch (RefusedException e) {
            return inconclusive(task, requested, "identity", "the enrolled database", String.valueOf(e.getMessage()));
        }
    }

    private static boolean maybeBack(Task<VerificationState> task) {
        return task.inState().compareTo(BACK_WITHIN) < 0;
    }

    private Next<VerificationState> inconclusive(
            Task<VerificationState> task,
            VerificationState.Requested requested,
            String check,
            String expected,
            String reason) {
        return end(
                task,
                requested,
                Verdict.inconclusive,
                List.of(Inspection.inconclusive(check, task.inState(), expected, reason)));
    }

    private Next<VerificationState> end(
            Task<VerificationState> task,
            VerificationState.Requested requested,
            Verdict verdict,
            List<CheckResult> results) {
        measured.accept(verdict, results);
        VerificationEvent announcement = switch (verdict) {
            case passed -> new VerificationEvent.Passed(task.database(), task.id(), requested.rollback(), results);
            case failed -> new VerificationEvent.Failed(task.database(), task.id(), requested.rollback(), results);
            case inconclusive ->
                new VerificationEvent.Inconclusive(task.database(), task.id(), requested.rollback(), results);
        };
        return Next.end(requested.judged(verdict, results), announcement);
    }
}
