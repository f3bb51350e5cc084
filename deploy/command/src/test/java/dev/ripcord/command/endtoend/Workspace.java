package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.stack.Installation;
import dev.ripcord.command.stack.Service;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The checked out folder in which a pipeline runs, with the gate's script and a {@code migrate.sh} of the spare shop. */
final class Workspace {

    /** Where the ready-made pieces are. */
    static final Path PIPELINES = Installation.here().home().resolve("deploy/pipelines");

    private final Scenario story;
    private final Path folder;

    Workspace(Scenario story, Path folder, String... statements) throws IOException {
        this.story = story;
        this.folder = folder;
        Files.copy(
                PIPELINES.resolve("ripcord-gate.sh"),
                folder.resolve("ripcord-gate.sh"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RunSql.class.getName(),
                "jdbc:postgresql://127.0.0.1:" + story.suite.stack.ports().postgres() + "/spare",
                "shop_owner",
                story.suite.spare.ownerPassword()));
        command.addAll(List.of(statements));
        Path script = Files.writeString(
                folder.resolve("migrate.sh"),
                command.stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", "\n")));
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    /** How a command ended and all that it said. */
    record Ran(int code, String output) {}

    /** What every pipeline is told by its system's own means. */
    Map<String, String> access() {
        Map<String, String> access = new LinkedHashMap<>();
        access.put(
                "RIPCORD_SNAPSHOT_URL",
                story.suite.stack.address(Service.SNAPSHOT).toString());
        access.put(
                "RIPCORD_ROLLBACK_URL",
                story.suite.stack.address(Service.ROLLBACK).toString());
        access.put("RIPCORD_TOKEN", token());
        return access;
    }

    String token() {
        return story.suite.stack.token("requester");
    }

    /** The gate's script. */
    Ran gate(String... arguments) throws IOException, InterruptedException {
        return gate(Map.of(), arguments);
    }

    /** The gate's script with other settings. */
    Ran gate(Map<String, String> settings, String... arguments) throws IOException, InterruptedException {
        return ran(startGate(settings, arguments));
    }

    /** The same as it runs. */
    Process startGate(Map<String, String> settings, String... arguments) throws IOException {
        Map<String, String> environment = access();
        environment.putAll(settings);
        List<String> command = new ArrayList<>(List.of("sh", "./ripcord-gate.sh"));
        command.addAll(List.of(arguments));
        return started(environment, command);
    }

    /** A command with nothing of this program's environment but the path. */
    Ran run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        return ran(started(environment, command));
    }

    private Process started(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().keySet().retainAll(List.of("PATH"));
        process.environment().putAll(environment);
        return process.redirectErrorStream(true).start();
    }

    static Ran ran(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }
}
