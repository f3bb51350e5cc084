package dev.ripcord.verifier.watch;

import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Finding;
import dev.ripcord.events.VerificationEvent.Verdict;
import dev.ripcord.verifier.verification.Inspection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** How each thing fares that a watch looks at: what a finding names, or the whole check where it has no answer. */
final class Health {

    /** What has no answer so many looks running is not well any more. */
    private static final int LOOKS_WITHOUT_ANSWER = 3;

    private final Set<String> verified;
    private final boolean first;
    private final Set<String> well;
    private final Set<String> told;
    private final Set<String> sick;
    private final Map<String, Integer> unanswered;

    private Health(
            Set<String> verified,
            boolean first,
            Set<String> well,
            Set<String> told,
            Set<String> sick,
            Map<String, Integer> unanswered) {
        this.verified = Set.copyOf(verified);
        this.first = first;
        this.well = new HashSet<>(well);
        this.told = new HashSet<>(told);
        this.sick = new HashSet<>(sick);
        this.unanswered = new HashMap<>(unanswered);
    }

    /**
     * As it was known before a look.
     *
     * @param verified the checks that a verification has found well just before the first: those of the database and its
     *     application, whose silence means something
     */
    static Health before(WatchState.Watching watching, Set<String> verified) {
        return new Health(
                verified,
                watching.looks() == 0,
                watching.looks() == 0 ? verified : watching.well(),
                watching.told(),
                watching.sick(),
                watching.unanswered());
    }

    /**
     * Takes in what a look found.
     *
     * @param last whether it ends the time that what was never well is given to become so
     * @return what was well and is not any more, and was not told yet
     */
    List<CheckResult> regressed(List<CheckResult> results, boolean last) {
        Map<String, List<CheckResult>> byCheck = results.stream()
                .collect(Collectors.groupingBy(CheckResult::check, LinkedHashMap::new, Collectors.toList()));
        told.removeIf(key -> byCheck.keySet().stream().noneMatch(check -> of(check, key)));
        List<CheckResult> regressed = new ArrayList<>();
        byCheck.forEach((check, answers) -> {
            boolean answered = answers.stream().noneMatch(Health::withoutAnswer);
            if (answered) forgetAllBut(check, answers);
            for (CheckResult answer : answers) {
                List<Finding> counting = answer.findings().stream()
                        .filter(finding -> counts(answer, finding, last))
                        .toList();
                if (counting.isEmpty()) continue;
                regressed.add(new CheckResult(check, answer.verdict(), answer.millis(), counting));
            }
            if (answered) well.add(check);
        });
        return regressed;
    }

    /** Of all that is looked at; what has no answer now and was not well before is so still. */
    Verdict verdict(List<CheckResult> results) {
        return told.isEmpty() ? Inspection.verdict(results) : Verdict.failed;
    }

    WatchState.Watching after(WatchState.Watching watching, boolean closely, int looks, int regressions) {
        return new WatchState.Watching(
                watching.since(),
                watching.snapshot(),
                watching.elsewhere(),
                closely,
                looks,
                regressions,
                well,
                told,
                sick,
                unanswered);
    }

    private boolean counts(CheckResult answer, Finding finding, boolean last) {
        String key = key(answer.check(), finding);
        boolean wasWell = well.contains(answer.check()) && !sick.contains(key);
        if (answer.verdict() == Verdict.inconclusive) {
            int looks = unanswered.merge(key, 1, Integer::sum);
            boolean neverAnswered = first || !wasWell;
            if (neverAnswered && !withoutAnswer(answer)) sick.add(key);
            return wasWell
                    && !sick.contains(key)
                    && verified.contains(answer.check())
                    && looks >= LOOKS_WITHOUT_ANSWER
                    && told.add(key);
        }
        unanswered.remove(key);
        if (wasWell || last) return told.add(key);
        sick.add(key);
        return false;
    }

    /** What a check that answers does not name is well. */
    private void forgetAllBut(String check, List<CheckResult> answers) {
        Set<String> named = answers.stream()
                .flatMap(answer -> answer.findings().stream())
                .map(finding -> key(check, finding))
                .collect(Collectors.toSet());
        for (Set<String> keys : List.of(told, sick, unanswered.keySet())) {
            keys.removeIf(key -> of(check, key) && !named.contains(key));
        }
    }

    /** Whether a check could not be asked at all: what it says then names itself. */
    private static boolean withoutAnswer(CheckResult result) {
        return result.verdict() == Verdict.inconclusive
                && result.findings().stream()
                        .anyMatch(finding -> finding.subject().equals(result.check()));
    }

    private static String key(String check, Finding finding) {
        return check + ": " + finding.subject();
    }

    private static boolean of(String check, String key) {
        return key.equals(check) || key.startsWith(check + ": ");
    }
}
