package dev.ripcord.rollback.report;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Figures and verdicts as people read them. */
final class Wording {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Wording() {}

    static String time(Instant at) {
        return TIME.format(at);
    }

    static String millis(Duration duration) {
        return millis((double) duration.toMillis());
    }

    static String millis(double millis) {
        if (millis < 10) return String.format(Locale.ROOT, "%.1f ms", millis);
        if (millis < 1000) return Math.round(millis) + " ms";
        if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1000);
        long seconds = Math.round(millis / 1000);
        if (seconds < 3600) return seconds / 60 + " min " + seconds % 60 + " s";
        return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    /** Which checks did not pass and of what; what was found there may be data, and is left out. */
    static String bad(List<CheckResult> checks) {
        return checks.stream()
                .filter(check -> check.verdict() != Verdict.passed)
                .map(check -> check.check() + " " + check.verdict() + of(check))
                .collect(Collectors.joining("; "));
    }

    private static String of(CheckResult check) {
        return check.findings().isEmpty() ? "" : " (" + subjects(check) + ")";
    }

    /** What a check has found something about. */
    static String subjects(CheckResult check) {
        String first = check.findings().stream().map(Finding::subject).limit(10).collect(Collectors.joining(", "));
        return check.findings().size() <= 10
                ? first
                : first + " and " + (check.findings().size() - 10) + " more";
    }
}
