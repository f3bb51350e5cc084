package dev.ripcord.rollback.alert;

import dev.ripcord.databases.AlertRules.Mode;
import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.delivery.Procedure;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.AlertEvent;
import dev.ripcord.events.AlertEvent.Verdict;
import dev.ripcord.events.RollbackRequestEvent;
import dev.ripcord.rollback.alert.AlertState.Closed;
import dev.ripcord.rollback.alert.AlertState.Decided;
import dev.ripcord.rollback.alert.AlertState.Following;
import dev.ripcord.rollback.alert.AlertState.Gathering;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From alerts to a request, or to the reason why there is none.
 *
 * <pre>
 * Gathering → Decided ┬→ Following → Closed
 *      ↓              ╰→ Closed
 *   Closed
 * </pre>
 */
@Singleton
class AlertProcedure implements Procedure<AlertState> {

    static final String KIND = "alerts";
    static final String BY = "alerts";

    private static final int FIRST_FEW = 10;
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration NEVER_HEARD = Duration.ofHours(1);

    private final Databases databases;
    private final AlertBook book;
    private final Circumstances circumstances;

    AlertProcedure(Databases databases, AlertBook book, Circumstances circumstances) {
        this.databases = databases;
        this.book = book;
        this.circumstances = circumstances;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<AlertState> states() {
        return AlertState.class;
    }

    @Override
    public Next<AlertState> advance(Task<AlertState> task) {
        return switch (task.state()) {
            case Gathering _ ->
                databases
                        .find(task.database())
                        .map(database -> look(task, database))
                        .orElseGet(() -> Next.end(new Closed("the database is not enrolled any more", null)));
            case Decided decided -> write(task, decided);
            case Following following -> follow(task, following);
            case Closed closed -> Next.end(closed);
        };
    }

    @Override
    public Next<AlertState> onFailure(Task<AlertState> task, RuntimeException failure) {
        return Next.waiting(task.state(), Procedure.backoff(task.attempts()));
    }

    private Next<AlertState> look(Task<AlertState> task, EnrolledDatabase database) {
        List<Firing> firing = book.undecided(database);
        if (firing.isEmpty()) return Next.end(new Closed("none fires any more", null));
        Guards guards = new Guards(database, Instant.now());
        return switch (guards.about(circumstances.of(database, firing))) {
            case Guards.Answer.No no -> Next.to(decided(firing, Verdict.recorded, null, null, no.reason()));
            case Guards.Answer.Wait wait -> Next.waiting(new Gathering(wait.reason()), until(wait.until()));
            case Guards.Answer.Ask ask -> asked(task, database, firing, ask);
        };
    }

    private Next<AlertState> asked(
            Task<AlertState> task, EnrolledDatabase database, List<Firing> firing, Guards.Answer.Ask ask) {
        String migration = ask.migration().id();
        boolean shadow = database.alerts().in(database.environment()) == Mode.shadow;
        String rollback = "alerts-" + task.id();
        RollbackRequestEvent.Requested request = request(database, rollback, ask);
        return switch (circumstances.policy(request, database)) {
            case Circumstances.Policy.NotYet notYet ->
                Next.waiting(new Gathering(notYet.reason()), Duration.ofSeconds(1));
            case Circumstances.Policy.Against against ->
                Next.to(decided(firing, Verdict.recorded, migration, null, against.reason()));
            case Circumstances.Policy.For words
            when shadow -> Next.to(decided(firing, Verdict.wouldHaveAsked, migration, null, words.reason()));
            case Circumstances.Policy.For words ->
                Next.to(decided(firing, Verdict.asked, migration, rollback, words.reason()), request);
        };
    }

    private static RollbackRequestEvent.Requested request(
            EnrolledDatabase database, String rollback, Guards.Answer.Ask ask) {
        List<String> signals =
                ask.counted().stream().map(Firing::signal).distinct().sorted().toList();
        return new RollbackRequestEvent.Requested(
                database.id(),
                rollback,
                ask.migration().id(),
                null,
                null,
                "firing since the migration: " + String.join(", ", names(ask.counted())),
                BY,
                null,
                signals,
                null,
                true);
    }

    /** Again at each attempt, without harm: only what nothing was written to is written to. */
    private Next<AlertState> write(Task<AlertState> task, Decided decided) {
        book.decided(task.database(), decided);
        AlertEvent.Judged judged = new AlertEvent.Judged(
                task.database(),
                decided.verdict(),
                decided.alerts(),
                decided.names(),
                decided.migration(),
                decided.rollback(),
                decided.reason());
        String rollback = decided.rollback();
        return rollback == null
                ? Next.end(new Closed(decided.reason(), null), judged)
                : Next.to(new Following(rollback), judged);
    }

    /** While it waits for its plan or an approval, the end of the alerts takes it back; later nothing of theirs does. */
    private Next<AlertState> follow(Task<AlertState> task, Following following) {
        String rollback = following.rollback();
        return switch (circumstances.standing(rollback)) {
            case notThere ->
                task.inState().compareTo(NEVER_HEARD) > 0
                        ? Next.end(new Closed("the request was not heard of again: look at the dead letters", rollback))
                        : Next.waiting(following, LOOK);
            case waits ->
                book.fires(rollback)
                        ? Next.waiting(following, LOOK)
                        : Next.end(
                                new Closed("its alerts were over before it began", rollback),
                                new RollbackRequestEvent.Cancelled(
                                        task.database(), rollback, "its alerts are over", BY),
                                new AlertEvent.Judged(
                                        task.database(),
                                        Verdict.takenBack,
                                        0,
                                        List.of(),
                                        null,
                                        rollback,
                                        "its alerts were over before it began"));
            case goesOn -> Next.end(new Closed("the rollback goes on without them", rollback));
        };
    }

    private static Decided decided(
            List<Firing> firing,
            Verdict verdict,
            @Nullable String migration,
            @Nullable String rollback,
            String reason) {
        return new Decided(
                firing.getLast().position(), verdict, firing.size(), names(firing), migration, rollback, reason);
    }

    private static List<String> names(List<Firing> firing) {
        return firing.stream().map(Firing::name).distinct().limit(FIRST_FEW).toList();
    }

    private static Duration until(Instant moment) {
        Duration left = Duration.between(Instant.now(), moment);
        if (left.compareTo(SHORTEST) < 0) return SHORTEST;
        return left.compareTo(LONGEST) > 0 ? LONGEST : left;
    }
}
