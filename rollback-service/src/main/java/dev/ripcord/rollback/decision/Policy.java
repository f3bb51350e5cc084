package dev.ripcord.rollback.decision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** When to roll back, and when not to: ordered rules, of which the first that matches decides. */
public final class Policy {

    private static final String SHIPPED = "decision-policy.yaml";

    private final List<Rule> rules;

    private Policy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The policy that holds where a database says nothing else. */
    public static Policy shipped() {
        try (InputStream resource = Policy.class.getResourceAsStream(SHIPPED)) {
            if (resource == null) throw new IllegalStateException(SHIPPED + " is missing from the jar");
            return read(SHIPPED, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(SHIPPED + " cannot be read", e);
        }
    }

    /**
     * A policy from YAML.
     *
     * @param file its name, for messages
     * @throws InvalidPolicyException naming file, line or rule, and field of what is wrong
     */
    public static Policy read(String file, String yaml) {
        List<Rule> rules = PolicyReader.read(file, yaml);
        refuse(PolicyProblems.of(file, rules));
        return new Policy(rules);
    }

    /**
     * This policy with a database's own rules: one with the name of a rule takes that one's place, the others come before
     * all but the guards.
     *
     * @param place where they stand, for messages
     * @throws InvalidPolicyException naming place, rule and field of what is wrong
     */
    public Policy with(String place, List<Map<String, Object>> own) {
        List<Rule> read = PolicyReader.read(place, own);
        List<Rule> merged = new ArrayList<>(guards().toList());
        read.stream().filter(rule -> named(rules, rule.name()).isEmpty()).forEach(merged::add);
        rules.stream()
                .filter(rule -> !rule.guard())
                .map(rule -> named(read, rule.name()).orElse(rule))
                .forEach(merged::add);
        refuse(PolicyProblems.of(place, read, merged));
        if (!merged.getLast().when().equals(When.ALWAYS)) {
            throw new InvalidPolicyException(List.of(place + ": rules: "
                    + merged.getLast().name() + " takes the place of the last rule and may have no conditions"));
        }
        return new Policy(merged);
    }

    /** What is to be done; the same facts always give the same decision. */
    public Decision decide(Facts facts) {
        return decide(facts, List.of());
    }

    /**
     * What is to be done.
     *
     * @param changes what the migration changed, as far as it is known: forward fixes are suggested from it
     */
    public Decision decide(Facts facts, List<Change> changes) {
        Rule rule = rules.stream()
                .filter(each -> each.when().matches(facts))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The last rule of a policy matches always"));
        return new Answer(rule, facts, changes).decision();
    }

    /** The names of the rules, in their order. */
    List<String> names() {
        return rules.stream().map(Rule::name).toList();
    }

    private Stream<Rule> guards() {
        return rules.stream().filter(Rule::guard);
    }

    private static Optional<Rule> named(List<Rule> rules, String name) {
        return rules.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) throw new InvalidPolicyException(problems);
    }
}
