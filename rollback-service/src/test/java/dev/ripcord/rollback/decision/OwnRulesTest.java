package dev.ripcord.rollback.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.ripcord.databases.EnrolledDatabase.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OwnRulesTest {

    private static final Path CONTRACT = Path.of("../contracts/databases/src/main/resources/dev/ripcord/databases");
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final Facts FEATURE = facts(Environment.production, Signal.featureBroken, MigrationState.completed);

    @Test
    void a_databases_own_rule_is_asked_before_the_shipped_ones() {
        Policy policy = with("{ name: mine, when: { signals: [featureBroken] }, "
                + "then: { decision: rollBack, methods: [full], reason: Money. } }");
        assertThat(policy.decide(FEATURE)).isInstanceOf(Decision.RollBack.class);
        assertThat(policy.decide(FEATURE).rule()).isEqualTo("mine");
        assertThat(Policy.shipped().decide(FEATURE)).isInstanceOf(Decision.FixForward.class);
    }

    @Test
    void one_with_the_name_of_a_shipped_rule_takes_its_place() {
        Policy policy = with("{ name: feature-broken, when: { signals: [featureBroken] }, "
                + "then: { decision: watch, watchFor: PT1H, reason: Soon. } }");
        assertThat(policy.names()).isEqualTo(Policy.shipped().names());
        assertThat(policy.decide(FEATURE)).isInstanceOf(Decision.Watch.class);
    }

    @Test
    void no_rule_of_a_database_comes_before_the_guards() {
        Policy policy = with("{ name: always, then: { decision: rollBack, methods: [application], reason: Always. } }");
        assertThat(policy.decide(facts(Environment.production, Signal.dataLost, MigrationState.running)))
                .isInstanceOf(Decision.Refuse.class);
        assertThat(policy.decide(FEATURE).rule()).isEqualTo("always");
    }

    @Test
    void what_is_wrong_with_them_is_named_with_the_rule() {
        refused(
                "{ name: migration-running, then: { decision: rollBack, methods: [full], reason: Now. } }",
                "entry of shop: rules.0 (migration-running).name: this is a guard");
        refused(
                "{ name: mine, guard: true, then: { decision: refuse, reason: No., wayOut: None. } }",
                "entry of shop: rules.0 (mine).guard: only the shipped policy has guards");
        refused(
                "{ name: mine, when: { migration: [running] }, then: { decision: watch, watchFor: PT1H, reason: No. } }",
                "rules.0 (mine).when: this rule is never reached: migration-running");
        refused(
                "{ name: a, then: { decision: watch, watchFor: PT1H, reason: No. } }, "
                        + "{ name: b, when: { freeze: true }, then: { decision: watch, watchFor: PT1H, reason: No. } }",
                "rules.1 (b).when: this rule is never reached: a");
        refused(
                "{ name: quiet, when: { environment: [production] }, then: { decision: watch, watchFor: PT1H, reason: No. } }",
                "quiet takes the place of the last rule and may have no conditions");
        refused(
                "{ name: mine, wenn: {}, then: { decision: watch, watchFor: PT1H, reason: No. } }",
                "entry of shop: rules.0.wenn: there is no such field");
    }

    @Test
    void the_rules_of_the_example_file_are_accepted() throws IOException {
        JsonNode rules =
                YAML.readTree(CONTRACT.resolve("example.yaml").toFile()).at("/databases/0/decision/rules");
        Policy policy = Policy.shipped().with("example.yaml", YAML.convertValue(rules, new TypeReference<>() {}));
        assertThat(policy.names()).contains("orders-are-money");
    }

    @Test
    void the_schema_of_the_enrolment_file_knows_the_same_words() throws IOException {
        JsonNode defs = new ObjectMapper()
                .readTree(CONTRACT.resolve("databases.schema.json").toFile())
                .at("/$defs");
        JsonNode rule = defs.at("/decisionRule/properties");
        JsonNode when = rule.at("/when/properties");
        assertThat(words(defs.at("/signal/enum"))).isEqualTo(names(Signal.values()));
        assertThat(words(defs.at("/method/enum"))).isEqualTo(names(Rung.values()));
        assertThat(words(when.at("/asked/items/enum")))
                .containsAll(names(Rung.values()))
                .contains("nothing");
        assertThat(words(when.at("/migration/items/enum"))).isEqualTo(names(MigrationState.values()));
        assertThat(words(when.at("/kind/items/enum"))).hasSameElementsAs(names(MigrationKind.values()));
        assertThat(words(rule.at("/then/properties/decision/enum"))).isEqualTo(names(Rule.Outcome.values()));
        assertThat(fields(when)).isEqualTo(components(When.class));
        assertThat(fields(rule.at("/then/properties"))).hasSameElementsAs(components(Rule.Then.class));
    }

    private static Facts facts(Environment environment, Signal signal, MigrationState state) {
        return new Facts(
                environment,
                null,
                Set.of(signal),
                state,
                MigrationKind.destructive,
                null,
                null,
                true,
                true,
                false,
                null);
    }

    private static Policy with(String rules) {
        return Policy.shipped().with("entry of shop", read(rules));
    }

    private static List<Map<String, Object>> read(String rules) {
        try {
            return YAML.readValue("[" + rules + "]", new TypeReference<>() {});
        } catch (IOException e) {
            throw new IllegalArgumentException(rules, e);
        }
    }

    private static void refused(String rules, String message) {
        assertThatThrownBy(() -> with(rules))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining(message);
    }

    private static List<String> words(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static List<String> fields(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toList();
    }

    private static List<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }
}
