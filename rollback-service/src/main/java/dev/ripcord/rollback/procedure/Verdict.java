package dev.ripcord.rollback.procedure;

import dev.ripcord.delivery.Task;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.rollback.core.RollbackState;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the verifier has said of one verification. */
sealed interface Verdict {

    /** How long its answer may take. */
    Duration LIMIT = Duration.ofSeconds(120);

    record Passed(int checks) implements Verdict {}

    /** Failed, inconclusive or never given: none of them passes. */
    record NotPassed(String reason) implements Verdict {}

    record Awaited() implements Verdict {}

    static Verdict of(Task<RollbackState> task, String verification) {
        return task.mail().stream()
                .map(Envelope::event)
                .map(event -> event instanceof VerificationEvent said
                                && said.verification().equals(verification)
                        ? read(said)
                        : null)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> task.inState().compareTo(LIMIT) > 0
                        ? new NotPassed("the verifier did not answer within " + LIMIT.toSeconds() + " s")
                        : new Awaited());
    }

    private static @Nullable Verdict read(VerificationEvent said) {
        return switch (said) {
            case VerificationEvent.Requested asked -> null;
            case VerificationEvent.Passed passed -> new Passed(passed.checks().size());
            case VerificationEvent.Failed failed -> new NotPassed("failed: " + summary(failed.checks()));
            case VerificationEvent.Inconclusive open -> new NotPassed("inconclusive: " + summary(open.checks()));
        };
    }

    private static String summary(List<CheckResult> checks) {
        return checks.stream()
                .filter(check -> check.verdict() != VerificationEvent.Verdict.passed)
                .map(check -> check.check() + " ("
                        + check.findings().stream().limit(3).map(Verdict::line).collect(Collectors.joining("; "))
                        + ")")
                .collect(Collectors.joining(", "));
    }

    private static String line(Finding finding) {
        return finding.subject() + ": expected " + finding.expected() + ", found " + finding.found();
    }
}
