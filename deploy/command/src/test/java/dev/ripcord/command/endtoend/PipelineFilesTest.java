package dev.ripcord.command.endtoend;

import static dev.ripcord.command.endtoend.DeliverySystem.INPUT;
import static dev.ripcord.command.endtoend.DeliverySystem.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.ripcord.command.endtoend.Workspace.Ran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The ready-made pieces say what their systems require and know. */
class PipelineFilesTest {

    private static final String HOOK = "argocd.argoproj.io/hook";

    private static final Path FOLDER = Workspace.PIPELINES;

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @Test
    void the_action_has_what_a_composite_action_must_have_and_uses_each_of_its_inputs() throws IOException {
        JsonNode action = yaml(FOLDER.resolve("github/action.yml"));

        assertThat(names(action)).contains("name", "description", "inputs", "runs");
        assertThat(action.at("/runs/using").asText()).isEqualTo("composite");
        Set<String> used = new TreeSet<>();
        for (JsonNode step : action.at("/runs/steps")) {
            assertThat(names(step)).contains("run", "shell").isSubsetOf("name", "id", "if", "run", "shell", "env");
            assertThat(step.get("run").asText())
                    .as("inputs are no part of the script")
                    .doesNotContain("${{");
            Matcher input = INPUT.matcher(step.get("env").toString());
            while (input.find()) used.add(input.group(1));
        }
        assertThat(used).isEqualTo(new TreeSet<>(names(action.get("inputs"))));
        action.get("inputs").properties().forEach(input -> {
            assertThat(input.getValue().path("description").asText()).isNotBlank();
            assertThat(input.getValue().path("required").asBoolean()
                            != input.getValue().has("default"))
                    .as(input.getKey() + " is required or has a default")
                    .isTrue();
        });
    }

    @Test
    void the_template_is_a_hidden_job_with_a_script() throws IOException {
        JsonNode file = yaml(FOLDER.resolve("gitlab/ripcord.gitlab-ci.yml"));

        assertThat(names(file)).containsExactly(".ripcord-migration");
        JsonNode job = file.get(".ripcord-migration");
        assertThat(names(job)).contains("script").isSubsetOf("variables", "resource_group", "interruptible", "script");
        assertThat(job.get("script")).isNotEmpty().allMatch(JsonNode::isTextual);
        assertThat(job.get("variables")).allMatch(JsonNode::isTextual);
    }

    @Test
    void the_pipeline_has_the_sections_that_a_declarative_one_must_have() throws IOException {
        String file = Files.readString(FOLDER.resolve("jenkins/Jenkinsfile"));

        assertThat(file).startsWith("pipeline {\n");
        assertThat(file.chars().filter(c -> c == '{').count())
                .isEqualTo(file.chars().filter(c -> c == '}').count());
        for (String section : List.of("agent any", "stages {", "stage('Migrate') {", "steps {")) {
            assertThat(file).containsOnlyOnce(section);
        }
        assertThat(file)
                .as("nothing of a secret is put into a script by Groovy")
                .doesNotContain("sh \"");
    }

    @Test
    void the_hooks_are_jobs_of_their_phases_and_are_removed_before_the_next_sync() throws IOException {
        Map<String, String> phases = new TreeMap<>();
        for (String name : List.of("presync", "postsync", "syncfail")) {
            JsonNode job = yaml(FOLDER.resolve("argocd/" + name + ".yaml"));
            assertThat(job.get("apiVersion").asText()).isEqualTo("batch/v1");
            assertThat(job.get("kind").asText()).isEqualTo("Job");
            JsonNode annotations = job.at("/metadata/annotations");
            phases.put(name, annotations.get(HOOK).asText());
            assertThat(annotations.get(HOOK + "-delete-policy").asText()).isEqualTo("BeforeHookCreation");
            JsonNode pod = job.at("/spec/template/spec");
            assertThat(pod.get("restartPolicy").asText()).isEqualTo("Never");
            JsonNode container = pod.at("/containers/0");
            assertThat(names(container)).contains("name", "image", "command", "args", "env", "volumeMounts");
            assertThat(container.at("/image").asText())
                    .as("a version, not the newest")
                    .matches(".+:[0-9.]+");
            assertThat(container.at("/volumeMounts/0/name").asText())
                    .isEqualTo(pod.at("/volumes/0/name").asText());
            assertThat(pod.at("/volumes/0/configMap/name").asText()).isEqualTo("ripcord-gate");
        }
        assertThat(phases).isEqualTo(Map.of("presync", "PreSync", "postsync", "PostSync", "syncfail", "SyncFail"));
    }

    @Test
    void the_script_is_in_the_cluster_before_the_first_hook_that_runs_it() throws IOException {
        JsonNode kustomization = yaml(FOLDER.resolve("kustomization.yaml"));

        try (Stream<Path> files = Files.list(FOLDER.resolve("argocd"))) {
            assertThat(texts(kustomization.get("resources")))
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> "argocd/" + file.getFileName()).toList());
        }
        JsonNode map = kustomization.at("/configMapGenerator/0");
        assertThat(texts(map.get("files"))).containsExactly("ripcord-gate.sh");
        JsonNode annotations = map.at("/options/annotations");
        assertThat(annotations.get(HOOK).asText()).isEqualTo("PreSync");
        String wave = "argocd.argoproj.io/sync-wave";
        JsonNode gate = yaml(FOLDER.resolve("argocd/presync.yaml")).at("/metadata/annotations");
        assertThat(annotations.get(wave).asInt())
                .isLessThan(gate.get(wave).asInt())
                .isNegative();
    }

    @Test
    void the_script_is_plain_posix_shell_and_can_be_executed() throws Exception {
        Path script = FOLDER.resolve("ripcord-gate.sh");
        assertThat(script).isExecutable();

        List<String> shells = Stream.of("/bin/sh", "/bin/dash", "/bin/bash")
                .filter(shell -> Files.isExecutable(Path.of(shell)))
                .toList();
        for (String shell : shells) {
            Ran ran = Workspace.ran(new ProcessBuilder(shell, "-n", script.toString())
                    .redirectErrorStream(true)
                    .start());
            assertThat(ran).as(shell).isEqualTo(new Ran(0, ""));
        }
        assertThat(Files.readString(script, StandardCharsets.UTF_8))
                .doesNotContain("[[")
                .doesNotContain("local ")
                .doesNotContain("<<<");
    }

    @Test
    void the_patches_of_the_documentation_set_what_they_are_said_to_set() throws IOException {
        Matcher blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(FOLDER.resolveSibling("docs/pipelines.md"))
                        .replaceFirst("(?s).*\n## Argo CD\n", ""));
        assertThat(blocks.find()).isTrue();
        JsonNode patches = YAML.readTree(blocks.group(1)).get("patches");
        assertThat(blocks.find()).isTrue();
        JsonNode last = YAML.readTree(blocks.group(1));

        for (String name : List.of("presync", "postsync", "syncfail")) {
            JsonNode job = yaml(FOLDER.resolve("argocd/" + name + ".yaml"));
            Set<String> variables = new TreeSet<>(environment(job).keySet());
            patches.forEach(patch -> patch(job, patch));
            Map<String, String> patched = environment(job);
            assertThat(patched.keySet()).as("replaced, none added").isEqualTo(variables);
            assertThat(patched)
                    .containsEntry("RIPCORD_DATABASE", "shop")
                    .containsEntry("RIPCORD_MIGRATION", "V42")
                    .containsEntry("RIPCORD_SNAPSHOT_URL", "http://ripcord-snapshot.ripcord:8081");
            if (name.equals("syncfail")) {
                assertThat(patched).containsEntry("RIPCORD_ROLLBACK_URL", "http://ripcord-rollback.ripcord:8082");
                variables.remove("RIPCORD_ON_FAILURE");
            }
            last.forEach(patch -> patch(job, patch));
            assertThat(environment(job).keySet()).isEqualTo(variables);
        }
    }

    private static Map<String, String> environment(JsonNode job) {
        Map<String, String> environment = new TreeMap<>();
        job.at("/spec/template/spec/containers/0/env")
                .forEach(variable -> environment.put(
                        variable.get("name").asText(), variable.path("value").asText()));
        return environment;
    }

    /** As kustomize does it, by RFC 6902, with what is used here of it. */
    private static void patch(JsonNode job, JsonNode patch) {
        JsonNode target = patch.get("target");
        if (!target.get("kind").asText().equals(job.get("kind").asText())
                || !job.at("/metadata/name").asText().matches(target.get("name").asText())) return;
        JsonNode operations;
        try {
            operations = YAML.readTree(patch.get("patch").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (JsonNode operation : operations) {
            JsonPointer path = JsonPointer.compile(operation.get("path").asText());
            JsonNode parent = job.at(path.head());
            assertThat(job.at(path).isMissingNode()).as(operation.toString()).isFalse();
            switch (operation.get("op").asText()) {
                case "replace" -> ((ObjectNode) parent).set(path.last().getMatchingProperty(), operation.get("value"));
                case "remove" -> ((ArrayNode) parent).remove(path.last().getMatchingIndex());
                default -> throw new AssertionError(operation);
            }
        }
    }

    private static List<String> names(JsonNode map) {
        return map.properties().stream().map(Map.Entry::getKey).collect(Collectors.toCollection(ArrayList::new));
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }
}
