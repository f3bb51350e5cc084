package dev.ripcord.rollback.decision;

import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds what is wrong with rules that can be read. */
final class PolicyProblems {

    private static final When RUNNING =
            new When(null, null, null, Set.of(MigrationState.running), null, null, null, null, null, null, null, null);

    private final String place;
    private final List<Rule> rules;
    private final List<String> problems = new ArrayList<>();

    private PolicyProblems(String place, List<Rule> rules) {
        this.place = place;
        this.rules = rules;
    }

    /** Of a policy that stands alone. */
    static List<String> of(String place, List<Rule> rules) {
        PolicyProblems found = new PolicyProblems(place, rules);
        for (int i = 0; i < rules.size(); i++) {
            found.rule(i);
            found.reach(i, rules.subList(0, i));
        }
        found.whole();
        return found.problems;
    }

    /** Of a database's own rules, which stand in a policy that is valid. */
    static List<String> of(String place, List<Rule> own, List<Rule> policy) {
        PolicyProblems found = new PolicyProblems(place, own);
        for (int i = 0; i < own.size(); i++) {
            Rule rule = own.get(i);
            found.rule(i);
            if (rule.guard()) found.add(i, "guard", "only the shipped policy has guards");
            found.reach(i, policy.subList(0, Math.max(0, policy.indexOf(rule))));
            if (policy.stream().anyMatch(other -> other.guard() && other.name().equals(rule.name()))) {
                found.add(i, "name", "this is a guard, whose place cannot be taken");
            }
        }
        return found.problems;
    }

    private void rule(int i) {
        Rule rule = rules.get(i);
        if (rules.subList(0, i).stream().anyMatch(other -> other.name().equals(rule.name()))) {
            add(i, "name", "another rule has it");
        }
        if (rule.name().isBlank()) add(i, "name", "is empty");
        if (rule.then().reason().isBlank()) add(i, "then.reason", "is empty");
        for (String field : rule.when().contradictions()) add(i, "when." + field, "can never hold");
        outcome(i, rule.then());
        if (rule.guard()
                && (rule.then().decision() != Rule.Outcome.refuse || rule.then().overridable())) {
            add(i, "guard", "a guard refuses and cannot be overridden");
        }
    }

    private void outcome(int i, Rule.Then then) {
        Rule.Outcome decision = then.decision();
        boolean rollBack = decision == Rule.Outcome.rollBack;
        demand(
                i,
                "then.methods",
                rollBack || then.overridable(),
                !then.methods().isEmpty());
        demand(i, "then.watchFor", decision == Rule.Outcome.watch, then.watchFor() != null);
        demand(i, "then.wayOut", decision == Rule.Outcome.refuse, then.wayOut() != null);
        if (decision == Rule.Outcome.fixForward && then.forwardFix() == null) add(i, "then.forwardFix", "is missing");
        if (!rollBack && !then.byItself().isEmpty()) add(i, "then.byItself", "only a rollback can begin by itself");
        if (rollBack && then.overridable()) add(i, "then.overridable", "a rollback needs no overriding");
        if (then.byItself().contains(Environment.production)) {
            add(i, "then.byItself", "no rollback begins by itself in production");
        }
        if (then.methods().stream().distinct().count() < then.methods().size()) {
            add(i, "then.methods", "one method is there twice");
        }
        if (then.watchFor() != null
                && (then.watchFor().isNegative() || then.watchFor().isZero())) {
            add(i, "then.watchFor", "must be longer than nothing");
        }
    }

    private void demand(int i, String field, boolean wanted, boolean there) {
        if (wanted && !there) add(i, field, "is missing");
        if (!wanted && there) add(i, field, "has no meaning for this decision");
    }

    private void reach(int i, List<Rule> earlier) {
        earlier.stream()
                .filter(other -> other.when().covers(rules.get(i).when()))
                .findFirst()
                .ifPresent(other ->
                        add(i, "when", "this rule is never reached: " + other.name() + " holds wherever it would"));
    }

    private void whole() {
        if (rules.isEmpty() || !rules.getLast().when().equals(When.ALWAYS)) {
            problems.add(place + ": rules: the last rule must have no conditions, so that there is always a decision");
        }
        long guards = rules.stream().takeWhile(Rule::guard).count();
        if (guards < rules.stream().filter(Rule::guard).count()) {
            problems.add(place + ": rules: guards stand before all other rules");
        }
        if (rules.stream().limit(guards).noneMatch(rule -> rule.when().covers(RUNNING))) {
            problems.add(place + ": rules: a guard must refuse while the migration is running");
        }
    }

    private void add(int i, String field, String problem) {
        problems.add(place + ": rules." + i + " (" + rules.get(i).name() + ")." + field + ": " + problem);
    }
}
