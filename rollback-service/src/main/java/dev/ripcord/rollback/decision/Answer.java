package dev.ripcord.rollback.decision;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Turns the rule that matched into a decision about these facts. */
record Answer(Rule rule, Facts facts, List<Change> changes) {

    Decision decision() {
        Rule.Then then = rule.then();
        List<String> reasons = new ArrayList<>(List.of(then.reason(), facts.inWords()));
        Overruling overruling = facts.overruling();
        if (then.decision() == Rule.Outcome.rollBack) {
            return rollBack(reasons, then.byItself().contains(facts.environment()));
        }
        if (overruling == null) return standing(reasons);
        if (then.overridable() && facts.migration() != MigrationState.running) {
            reasons.add("The rule %s says %s; %s overrules it: %s"
                    .formatted(rule.name(), then.decision(), overruling.person(), overruling.reason()));
            return rollBack(reasons, false);
        }
        reasons.add("%s wants the rollback all the same (%s); this rule cannot be overruled."
                .formatted(overruling.person(), overruling.reason()));
        return standing(reasons);
    }

    private Decision standing(List<String> reasons) {
        Rule.Then then = rule.then();
        return switch (then.decision()) {
            case rollBack -> rollBack(reasons, false);
            case fixForward -> new Decision.FixForward(rule.name(), fixes(), then.overridable(), reasons);
            case watch ->
                new Decision.Watch(rule.name(), Objects.requireNonNull(then.watchFor()), then.overridable(), reasons);
            case refuse ->
                new Decision.Refuse(rule.name(), Objects.requireNonNull(then.wayOut()), then.overridable(), reasons);
        };
    }

    private Decision rollBack(List<String> reasons, boolean byItself) {
        List<Rung> ladder = new ArrayList<>();
        for (Rung rung : wanted(reasons)) {
            rung.closed(facts).ifPresentOrElse(reasons::add, () -> ladder.add(rung));
        }
        if (ladder.isEmpty()) {
            return new Decision.Refuse(
                    rule.name(),
                    "Prove a snapshot from before the migration or find its down scripts; or ask for another method.",
                    false,
                    prepend("A rollback is wanted, and no way back is open.", reasons));
        }
        boolean alone = byItself && facts.environment() != Environment.production;
        return new Decision.RollBack(rule.name(), ladder, alone, reasons, fixes());
    }

    /** What was asked for comes first, where the rule has it at all. */
    private List<Rung> wanted(List<String> reasons) {
        List<Rung> methods = rule.then().methods();
        Rung asked = facts.asked();
        if (asked == null || asked == methods.getFirst()) return methods;
        if (!methods.contains(asked)) {
            reasons.add("The method " + asked + " was asked for; this rule does not offer it.");
            return methods;
        }
        return Stream.concat(Stream.of(asked), methods.stream().filter(each -> each != asked))
                .toList();
    }

    private List<ForwardFix> fixes() {
        List<ForwardFix> fixes = new ArrayList<>(ForwardFix.of(changes));
        String hint = rule.then().forwardFix();
        if (hint != null) fixes.add(new ForwardFix(hint, null, ""));
        return fixes;
    }

    private static List<String> prepend(String first, List<String> rest) {
        return Stream.concat(Stream.of(first), rest.stream()).toList();
    }
}
