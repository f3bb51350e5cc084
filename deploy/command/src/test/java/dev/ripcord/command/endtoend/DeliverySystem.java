package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.ripcord.command.endtoend.Workspace.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A system that delivers: what it would run is taken out of the file that is given to it, and run. */
enum DeliverySystem {
    GITHUB {
        @Override
        Ran migrate(Workspace workspace, String migration) throws IOException, InterruptedException {
            Path folder = Workspace.PIPELINES.resolve("github");
            JsonNode action = yaml(folder.resolve("action.yml"));
            Map<String, String> access = workspace.access();
            Map<String, String> inputs = new HashMap<>();
            action.get("inputs").properties().forEach(input -> {
                JsonNode fallback = input.getValue().get("default");
                if (fallback != null) inputs.put(input.getKey(), fallback.asText());
            });
            inputs.put("database", "spare");
            inputs.put("migration", migration);
            inputs.put("run", "set -u\n./migrate.sh");
            inputs.put("token", workspace.token());
            inputs.put("snapshot-url", access.get("RIPCORD_SNAPSHOT_URL"));
            inputs.put("rollback-url", access.get("RIPCORD_ROLLBACK_URL"));
            inputs.put("on-failure", "rollback");
            Ran last = new Ran(-1, "");
            for (JsonNode step : action.at("/runs/steps")) {
                Map<String, String> environment = new HashMap<>(Map.of("GITHUB_ACTION_PATH", folder.toString()));
                step.get("env").properties().forEach(variable -> {
                    Matcher input = INPUT.matcher(variable.getValue().asText());
                    assertThat(input.matches()).as(variable.toString()).isTrue();
                    assertThat(inputs).containsKey(input.group(1));
                    environment.put(variable.getKey(), inputs.get(input.group(1)));
                });
                last = workspace.run(
                        environment,
                        List.of(
                                step.get("shell").asText(),
                                "-e",
                                "-c",
                                step.get("run").asText()));
                if (last.code() != 0) break;
            }
            return last;
        }
    },
    GITLAB {
        @Override
        Ran migrate(Workspace workspace, String migration) throws IOException, InterruptedException {
            JsonNode job = yaml(Workspace.PIPELINES.resolve("gitlab/ripcord.gitlab-ci.yml"))
                    .get(".ripcord-migration");
            Map<String, String> variables = texts(job.get("variables"));
            variables.putAll(workspace.access());
            variables.put("RIPCORD_DATABASE", "spare");
            variables.put("RIPCORD_MIGRATION", migration);
            variables.put("RIPCORD_RUN", "./migrate.sh");
            variables.put("RIPCORD_ON_FAILURE", "rollback");
            List<String> lines = new ArrayList<>(List.of("set -e"));
            job.get("script").forEach(line -> lines.add(line.asText()));
            return workspace.run(variables, List.of("sh", "-c", String.join("\n", lines)));
        }
    },
    JENKINS {
        @Override
        Ran migrate(Workspace workspace, String migration) throws IOException, InterruptedException {
            String file = Files.readString(Workspace.PIPELINES.resolve("jenkins/Jenkinsfile"));
            Map<String, String> environment = new HashMap<>();
            Matcher plain = Pattern.compile("(\\w+) = '([^']*)'").matcher(file);
            while (plain.find()) environment.put(plain.group(1), plain.group(2));
            Matcher secret =
                    Pattern.compile("(\\w+) = credentials\\('[^']+'\\)").matcher(file);
            assertThat(secret.find()).isTrue();
            environment.put(secret.group(1), workspace.token());
            assertThat(environment).containsKeys("RIPCORD_SNAPSHOT_URL", "RIPCORD_ROLLBACK_URL", "RIPCORD_TOKEN");
            environment.putAll(workspace.access());
            environment.putAll(Map.of("GIT_COMMIT", migration, "RIPCORD_ON_FAILURE", "rollback"));
            Matcher step = Pattern.compile("\\bsh '([^']*)'").matcher(file);
            assertThat(step.find()).isTrue();
            assertThat(step.group(1)).contains(" run shop ");
            return workspace.run(
                    environment, List.of("sh", "-xe", "-c", step.group(1).replace(" run shop ", " run spare ")));
        }
    },
    ARGO_CD {
        @Override
        Ran migrate(Workspace workspace, String migration) throws IOException, InterruptedException {
            Ran asked = hook(workspace, migration, "presync");
            if (asked.code() != 0) return with(asked, hook(workspace, migration, "syncfail"));
            Ran migrated = workspace.run(Map.of(), List.of("./migrate.sh"));
            Ran told = hook(workspace, migration, migrated.code() == 0 ? "postsync" : "syncfail");
            assertThat(told.code()).as(told.output()).isZero();
            return with(migrated, told);
        }

        private Ran hook(Workspace workspace, String migration, String name) throws IOException, InterruptedException {
            JsonNode container = yaml(Workspace.PIPELINES.resolve("argocd/" + name + ".yaml"))
                    .at("/spec/template/spec/containers/0");
            Map<String, String> environment = new LinkedHashMap<>();
            for (JsonNode variable : container.get("env")) {
                boolean secret = variable.has("valueFrom");
                environment.put(
                        variable.get("name").asText(),
                        secret ? workspace.token() : variable.get("value").asText());
            }
            for (String address : List.of("RIPCORD_SNAPSHOT_URL", "RIPCORD_ROLLBACK_URL")) {
                environment.computeIfPresent(
                        address, (named, inTheCluster) -> workspace.access().get(named));
            }
            environment.putAll(Map.of("RIPCORD_DATABASE", "spare", "RIPCORD_MIGRATION", migration));
            String mounted = container.at("/volumeMounts/0/mountPath").asText() + "/";
            List<String> command = new ArrayList<>();
            container
                    .get("command")
                    .forEach(word -> command.add(word.asText().replace(mounted, Workspace.PIPELINES + "/")));
            for (JsonNode word : container.get("args")) {
                String expanded = word.asText();
                for (Map.Entry<String, String> variable : environment.entrySet()) {
                    expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
                }
                command.add(expanded);
            }
            return workspace.run(environment, command);
        }

        private Ran with(Ran first, Ran second) {
            return new Ran(first.code(), first.output() + second.output());
        }
    };

    static final Pattern INPUT = Pattern.compile("\\$\\{\\{ inputs\\.([a-z-]+) }}");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Delivers with the migration in the middle; what fails asks for its rollback. */
    abstract Ran migrate(Workspace workspace, String migration) throws IOException, InterruptedException;

    static JsonNode yaml(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }

    static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new LinkedHashMap<>();
        map.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
