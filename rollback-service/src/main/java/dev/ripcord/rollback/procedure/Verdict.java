package dev.ripcord.rollback.procedure;

import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.HttpCheck;
import dev.ripcord.delivery.Task;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.rollback.core.RollbackState;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the verifier has said of one verification. */
sealed interface Verdict {

    /** How long its answer takes at most, where nothing is configured that may take longer. */
    Duration LIMIT = Duration.ofSeconds(120);

    /** What it is given besides the longest of what is configured. */
    Duration SPARE = Duration.ofSeconds(60);

    /** A database that was built anew may have any number of rows, and each foreign key is looked at. */
    Duration BUILT = Duration.ofMinutes(6);

    record Passed(int checks) implements Verdict {
        String line() {
            return checks == 0 ? "no check applies to it" : checks + " checks passed";
        }
    }

    /** Failed, inconclusive or never given: none of them passes. */
    record NotPassed(String reason) implements Verdict {}

    record Awaited() implements Verdict {}

    /** How long its answer may take. */
    private static Duration limit(EnrolledDatabase database, boolean built) {
        Duration application = Duration.ofSeconds(database.checks().http().stream()
                        .mapToLong(HttpCheck::withinSeconds)
                        .max()
                        .orElse(0))
                .plus(SPARE);
        return Collections.max(List.of(LIMIT, application, built ? BUILT : LIMIT));
    }

    /**
     * The answer so far.
     *
     * @param database empty where it is not enrolled any more
     * @param built whether it was built anew
     */
    static Verdict of(Task<RollbackState> task, Optional<EnrolledDatabase> database, boolean built) {
        String verification = Telling.verification(task.id());
        Duration limit = database.map(each -> limit(each, built)).orElse(LIMIT);
        return task.mail().stream()
                .map(Envelope::event)
                .map(event -> event instanceof VerificationEvent said
                                && said.verification().startsWith(verification)
                        ? read(said)
                        : null)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> task.inState().compareTo(limit) > 0
                        ? new NotPassed("the verifier did not answer within " + limit.toSeconds() + " s")
                        : new Awaited());
    }

    private static @Nullable Verdict read(VerificationEvent said) {
        return switch (said) {
            case VerificationEvent.Requested asked -> null;
            case VerificationEvent.Passed passed -> new Passed(passed.checks().size());
            case VerificationEvent.Failed failed -> new NotPassed("failed: " + summary(failed.checks()));
            case VerificationEvent.Inconclusive open -> new NotPassed("inconclusive: " + missing(open.checks()));
        };
    }

    /** Which checks could not be carried out, and what for. */
    private static String missing(List<CheckResult> checks) {
        return checks.stream()
                .filter(check -> check.verdict() == VerificationEvent.Verdict.inconclusive)
                .map(check -> check.check() + " ("
                        + check.findings().stream()
                                .limit(3)
                                .map(finding -> "there was not: " + finding.expected())
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining("; "));
    }

    /** Which checks did not pass, and of what; what was found there may be data, and this is told to everybody. */
    private static String summary(List<CheckResult> checks) {
        return checks.stream()
                .filter(check -> check.verdict() != VerificationEvent.Verdict.passed)
                .map(check -> check.check() + " ("
                        + check.findings().stream()
                                .limit(3)
                                .map(Finding::subject)
                                .collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining("; "));
    }
}
