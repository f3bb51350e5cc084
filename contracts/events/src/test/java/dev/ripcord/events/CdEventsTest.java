package dev.ripcord.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CDEvents that others send, as the specification's own examples have them. */
class CdEventsTest {

    private static final Path EXAMPLES = Path.of("src/test/resources/cdevents");

    @Test
    void a_service_that_was_deployed_is_a_rollout_that_ended_well() throws Exception {
        assertThat(read("ripcord.deployment", example("service_deployed")))
                .isEqualTo(new DeploymentEvent.Completed(
                        "",
                        "271069a8-fc18-44f1-b38f-9d70a1695819",
                        "sha256:0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427",
                        "/event/source/123",
                        "mySubject123",
                        "test123",
                        "pkg:oci/myapp@sha256%3A0b31b1c02ff458ad9b7b81cbdf8f028bd54699fa151f221d1e8de6817db93427"));
    }

    @ParameterizedTest
    @CsvSource({
        "service_removed, service.removed, mySubject123, test123",
        "service_rolledback, service.rolledback, mySubject123, test123",
        "environment_modified, environment.modified, , mySubject123",
        "incident_detected, incident.detected, myApp, prod1"
    })
    void what_else_happens_to_services_and_environments_is_context(
            String file, String what, String service, String environment) throws Exception {
        assertThat(read("ripcord.deployment", example(file)))
                .isInstanceOfSatisfying(DeploymentEvent.Noted.class, told -> {
                    assertThat(told.what()).isEqualTo(what);
                    assertThat(told.service()).isEqualTo(service);
                    assertThat(told.environment()).isEqualTo(environment);
                });
    }

    @Test
    void the_database_may_stand_in_the_custom_data() throws Exception {
        ObjectNode event = (ObjectNode) example("service_deployed");
        event.putObject("customData").put("database", "shop");

        assertThat(read("ripcord.deployment", event).database()).isEqualTo("shop");
    }

    @Test
    void the_custom_types_of_any_tool_are_the_same_commands_as_our_own_events() throws Exception {
        assertThat(read(
                        "ripcord.migration",
                        custom("tekton-migration.started", "V42", "{\"database\": \"shop\", \"requestedBy\": \"ci\"}")))
                .isEqualTo(new MigrationEvent.Started("shop", "V42", "ci"));
        assertThat(read(
                        "ripcord.migration",
                        custom(
                                "tekton-migration.failed",
                                "V42",
                                "{\"database\": \"shop\", \"migration\": \"V42\", \"reason\": \"no\", \"later\": 1}")))
                .isEqualTo(new MigrationEvent.Failed("shop", "V42", "no"));
        assertThat(read("ripcord.migration", custom("a1-migration.completed", "V42", "{\"database\": \"shop\"}")))
                .isEqualTo(new MigrationEvent.Completed("shop", "V42"));
        assertThat(read(
                        "ripcord.rollback-request",
                        custom(
                                "argo-rollback.requested",
                                "r1",
                                "{\"database\": \"shop\", \"reason\": \"prices\", \"requestedBy\": \"argo\"}")))
                .isEqualTo(new RollbackRequestEvent.Requested("shop", "r1", null, null, null, "prices", "argo"));
    }

    @Test
    void what_is_half_a_cdevent_says_what_is_missing() throws Exception {
        ObjectNode otherType = custom("tekton-migration.started", "V42", "{\"database\": \"shop\"}");
        ((ObjectNode) otherType.get("context")).put("type", "dev.cdeventsx.tekton-migration.failed.0.1.0");
        unreadable("ripcord.migration", "dev.cdeventsx.tekton-migration.started.0.1.0", otherType, "context.type");

        unreadable(custom("tekton-migration.started", "", "{\"database\": \"shop\"}"), "it has no subject.id");
        unreadable(custom("tekton-migration.started", "V42", "[]"), "subject.content must be an object");
        unreadable(custom("tekton-migration.started", "V42", "{}"), "migration.started without database");
        unreadable(
                custom("tekton-migration.started", "V42", "{\"database\": \"shop\", \"migration\": \"V41\"}"),
                "contradicts itself");
        ObjectNode withoutArtifact = (ObjectNode) example("service_removed");
        ((ObjectNode) withoutArtifact.get("context")).put("type", "dev.cdevents.service.deployed.0.3.0");
        unreadable(
                "ripcord.deployment",
                "dev.cdevents.service.deployed.0.3.0",
                withoutArtifact,
                "without subject.content.artifactId");
    }

    @Test
    void a_command_counts_on_its_own_topic_only() throws Exception {
        ObjectNode asked = custom(
                "argo-rollback.requested",
                "r1",
                "{\"database\": \"shop\", \"reason\": \"prices\", \"requestedBy\": \"argo\"}");

        unreadable(
                "ripcord.migration", asked.at("/context/type").asText(), asked, "belongs on ripcord.rollback-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.cdevents.pipelinerun.finished.0.3.0",
                "dev.cdevents.service.deployed",
                "dev.cdeventsx.migration.started.0.1.0",
                "dev.cdeventsx.tekton-migration.begun.0.1.0",
                "dev.cdeventsx.tekton-rollback.approved.0.1.0"
            })
    void what_means_nothing_here_is_an_unknown_event(String type) throws Exception {
        unreadable("ripcord.deployment", type, example("service_deployed"), "unknown event type " + type);
    }

    static JsonNode example(String name) throws IOException {
        return KafkaBinding.JSON.readTree(EXAMPLES.resolve(name + ".json").toFile());
    }

    private static ObjectNode custom(String type, String subject, String content) throws IOException {
        ObjectNode event = KafkaBinding.JSON.createObjectNode();
        event.putObject("context")
                .put("specversion", "0.5.1")
                .put("id", "e-1")
                .put("source", "/tekton")
                .put("type", "dev.cdeventsx." + type + ".0.1.0")
                .put("timestamp", "2026-03-14T02:00:04Z");
        event.putObject("subject").put("id", subject).set("content", KafkaBinding.JSON.readTree(content));
        return event;
    }

    private static RipcordEvent read(String topic, JsonNode event) throws UnreadableEventException {
        return read(topic, event.at("/context/type").asText(), event);
    }

    private static RipcordEvent read(String topic, String type, JsonNode event) throws UnreadableEventException {
        Map<String, String> headers = new TreeMap<>(Map.of(
                "ce_specversion", "1.0",
                "ce_id", "e-1",
                "ce_source", "/tekton",
                "ce_type", type,
                "ce_subject", "V42",
                "content-type", "application/json"));
        return new KafkaBinding(Topic.DEFAULT_PREFIX)
                .read(GoldenEvents.record(topic, headers, event.toString().getBytes(StandardCharsets.UTF_8)))
                .event();
    }

    private static void unreadable(ObjectNode event, String reason) {
        unreadable("ripcord.migration", event.at("/context/type").asText(), event, reason);
    }

    private static void unreadable(String topic, String type, JsonNode event, String reason) {
        assertThatThrownBy(() -> read(topic, type, event))
                .isInstanceOf(UnreadableEventException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void the_licence_of_the_examples_stands_beside_them() throws IOException {
        assertThat(Files.readString(EXAMPLES.resolve("README.md"))).contains("Apache License, Version 2.0");
    }
}
