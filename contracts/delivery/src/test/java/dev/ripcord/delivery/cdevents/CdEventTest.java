package dev.ripcord.delivery.cdevents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ripcord.events.Envelope;
import dev.ripcord.events.KafkaBinding;
import dev.ripcord.events.RipcordEvent;
import dev.ripcord.events.RollbackEvent;
import dev.ripcord.events.RollbackOutcomeEvent;
import dev.ripcord.events.VerificationEvent;
import dev.ripcord.events.VerificationEvent.CheckResult;
import dev.ripcord.events.VerificationEvent.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told as CDEvents, held against the specification's own JSON Schemas. */
class CdEventTest {

    private static final Path SCHEMAS = Path.of("src/test/resources/cdevents");
    private static final String BASE = "https://cdevents.dev/0.5.1/schema/";
    private static final List<CheckResult> CHECKS = List.of(
            new CheckResult("schema", Verdict.passed, 3, List.of()),
            new CheckResult("application", Verdict.failed, 40, List.of()));

    static List<RipcordEvent> told() {
        return List.of(
                new RollbackEvent.Started("shop", "r 1/ä", "hash", "ann"),
                new RollbackOutcomeEvent.Completed(
                        "shop", "r1", "k3v9", "shop__failed_1", 40, 900, List.of(), null, "undo", null),
                new RollbackOutcomeEvent.CompletedInPlace(
                        "shop", "r1", "partial", null, List.of(), 900, List.of(), "undo"),
                new RollbackOutcomeEvent.Moved(
                        "shop", "r1", "k3v9", "postgresql://b/shop", "postgresql://a/shop", true, List.of(), 9, "undo"),
                new RollbackOutcomeEvent.Undone("shop", "r2", "r1", "shop__failed_2", 40, 900),
                new RollbackOutcomeEvent.Failed("shop", "r 1/ä", "unchanged", "no room", "make room"),
                new VerificationEvent.Passed("shop", "v1", "r1", CHECKS.subList(0, 1)),
                new VerificationEvent.Failed("shop", "v1", "r1", CHECKS),
                new VerificationEvent.Inconclusive("shop", "v1", null, CHECKS));
    }

    @ParameterizedTest
    @MethodSource("told")
    void each_is_what_the_specification_says(RipcordEvent event) throws IOException {
        Envelope<?> envelope = new Envelope<>("e-1", "/ripcord/rollback", Instant.now(), null, event);

        List<CdEvent> told = CdEvent.of(envelope, "production");

        assertThat(told).isNotEmpty();
        for (CdEvent each : told) {
            assertThat(schemaOf(each.type()).validate(each.document().toString(), InputFormat.JSON))
                    .as(each.document().toPrettyString())
                    .isEmpty();
            assertThat(each.document().at("/context/type").asText()).isEqualTo(each.type());
            assertThat(each.document().at("/context/id").asText()).isEqualTo(each.id());
            assertThat(each.document().at("/subject/id").asText()).isEqualTo(each.subject());
            assertThat(each.document().at("/subject/content/environment/id").asText())
                    .isEqualTo("production");
        }
        assertThat(told.stream().map(CdEvent::id)).doesNotHaveDuplicates();
    }

    @Test
    void a_schema_refuses_what_it_should() throws IOException {
        CdEvent event = CdEvent.of(Envelope.of("/ripcord/rollback", told().get(1)), "production")
                .getFirst();
        event.document().withObject("/subject/content").remove("artifactId");

        assertThat(schemaOf(event.type()).validate(event.document().toString(), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void a_rollback_and_its_verification_are_one_chain_and_say_how_it_went() {
        CdEvent back = CdEvent.of(Envelope.of("/ripcord/rollback", told().get(1)), "staging")
                .getFirst();
        CdEvent verified = CdEvent.of(Envelope.of("/ripcord/verifier", told().get(7)), "staging")
                .getFirst();

        assertThat(back.type()).isEqualTo("dev.cdevents.service.rolledback.0.3.0");
        assertThat(back.document().at("/subject/content/artifactId").asText()).isEqualTo("pkg:generic/shop@k3v9");
        assertThat(verified.document().at("/subject/content/outcome").asText()).isEqualTo("failure");
        assertThat(verified.document().at("/subject/content/reason").asText()).isEqualTo("application failed");
        assertThat(List.of(back, verified))
                .allSatisfy(event -> assertThat(
                                event.document().at("/context/chainId").asText())
                        .isEqualTo("r1"));
    }

    @Test
    void what_was_refused_before_it_began_is_no_incident() {
        assertThat(CdEvent.of(
                        Envelope.of("/ripcord/rollback", new RollbackOutcomeEvent.Refused("shop", "r1", "no", "wait")),
                        "production"))
                .isEmpty();
    }

    private static Schema schemaOf(String type) throws IOException {
        Map<String, String> byId = new HashMap<>();
        try (Stream<Path> files = Files.walk(SCHEMAS)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                String text = Files.readString(file);
                byId.put(KafkaBinding.JSON.readTree(text).path("$id").asText(), text);
            }
        }
        // the reference within a schema is relative to its id, as the file's folder is
        String name = type.replace("dev.cdevents.", "")
                .replaceAll("\\.\\d+\\.\\d+\\.\\d+$", "")
                .replace('.', '-');
        String text = byId.get(BASE + name + "-event");
        assertThat(text).as(BASE + name + "-event in " + byId.keySet()).isNotNull();
        JsonNode schema = KafkaBinding.JSON.readTree(text);
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(byId))
                .getSchema(schema.toString(), InputFormat.JSON);
    }
}
