package dev.ripcord.verifier.verification;

import dev.ripcord.databases.DatabaseFailure;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Runs all checks at once, each on a virtual thread and within its limit. */
public final class Inspection {

    private static final int MOST_FINDINGS = 100;
    private static final int LONGEST_REASON = 500;
    private static final Comparator<CheckResult> BY_NAME = Comparator.comparing(CheckResult::check);

    private final List<Check> checks;

    public Inspection(List<Check> checks) {
        this.checks = List.copyOf(checks);
    }

    /**
     * What came of it.
     *
     * @param results of each check that applies, in the order of their names; two of one that found something and could not
     *     ask everything
     * @param cutOff whether one could not be carried out for what passes: the server was away, or had no room
     */
    public record Answers(List<CheckResult> results, boolean cutOff) {
        public Answers {
            results = List.copyOf(results);
        }

        private static Answers of(List<Answer> each) {
            return new Answers(
                    each.stream()
                            .flatMap(answer -> answer.results().stream())
                            .sorted(BY_NAME)
                            .toList(),
                    each.stream().anyMatch(Answer::cutOff));
        }
    }

    private record Answer(List<CheckResult> results, boolean cutOff) {}

    /**
     * Asks every check that applies.
     *
     * @param occasion leaves out those that are not asked then
     */
    public Answers run(Context context, Occasion occasion) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Running> running = new ArrayList<>();
            for (Check check : checks) {
                if (!check.applies(context, occasion) || !check.occasions().contains(occasion)) continue;
                long began = System.nanoTime();
                running.add(new Running(
                        check.name(),
                        check.limit(context),
                        began,
                        threads.submit(() -> result(check, context, began))));
            }
            return Answers.of(running.stream().map(Running::answer).toList());
        } finally {
            threads.shutdownNow();
        }
    }

    /** The names of the checks that a verification asks too: what a watch finds well at its beginning. */
    public Set<String> verified() {
        return checks.stream()
                .filter(check -> check.occasions().contains(Occasion.verification))
                .map(Check::name)
                .collect(Collectors.toSet());
    }

    /** Failed before inconclusive before passed; nothing asked is nothing known. */
    public static Verdict verdict(List<CheckResult> results) {
        if (results.stream().anyMatch(result -> result.verdict() == Verdict.failed)) return Verdict.failed;
        boolean known = !results.isEmpty() && results.stream().allMatch(result -> result.verdict() == Verdict.passed);
        return known ? Verdict.passed : Verdict.inconclusive;
    }

    /** The answer of a check that could not be carried out. */
    public static CheckResult inconclusive(String check, Duration took, String expected, String reason) {
        return new CheckResult(
                check, Verdict.inconclusive, took.toMillis(), List.of(new Finding(check, expected, bounded(reason))));
    }

    private static String bounded(String reason) {
        return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason;
    }

    private static CheckResult result(Check check, Context context, long began) {
        List<Finding> findings = check.run(context);
        Verdict verdict = findings.isEmpty() ? Verdict.passed : Verdict.failed;
        return result(check.name(), verdict, findings, began);
    }

    private static CheckResult result(String check, Verdict verdict, List<Finding> findings, long began) {
        return new CheckResult(
                check,
                verdict,
                since(began).toMillis(),
                findings.stream().limit(MOST_FINDINGS).toList());
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private record Running(String name, Duration limit, long began, Future<CheckResult> result) {

        Answer answer() {
            try {
                return known(result.get(limit.minus(since(began)).toNanos(), TimeUnit.NANOSECONDS), false);
            } catch (TimeoutException e) {
                result.cancel(true);
                return known(inconclusive("an answer within " + limit.toSeconds() + " s", "none yet"), false);
            } catch (ExecutionException e) {
                Throwable cause = result.exceptionNow();
                if (cause instanceof NotAllAnswered some) return some(some);
                return known(inconclusive("an answer", String.valueOf(cause.getMessage())), passes(cause));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return known(inconclusive("an answer", "interrupted"), false);
            }
        }

        private static Answer known(CheckResult result, boolean cutOff) {
            return new Answer(List.of(result), cutOff);
        }

        private Answer some(NotAllAnswered some) {
            List<Finding> reasons = some.unknown().stream()
                    .map(each -> new Finding(each.subject(), each.expected(), bounded(each.found())))
                    .toList();
            List<CheckResult> results = new ArrayList<>();
            if (!some.findings().isEmpty()) {
                results.add(Inspection.result(name, Verdict.failed, some.findings(), began));
            }
            results.add(Inspection.result(name, Verdict.inconclusive, reasons, began));
            return new Answer(results, passes(some.getCause()));
        }

        private static boolean passes(@Nullable Throwable cause) {
            return cause instanceof DatabaseFailure known && known.passing();
        }

        private CheckResult inconclusive(String expected, String reason) {
            return Inspection.inconclusive(name, since(began), expected, reason);
        }
    }
}
