package dev.ripcord.command.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.ripcord.command.endtoend.Workspace.Ran;
import dev.ripcord.command.stack.Service;
import dev.ripcord.events.MigrationEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The script that all pipelines run, where it matters what it does without a good answer. */
@ExtendWith(SuiteExtension.class)
class GateScriptTest {

    @TempDir
    Path folder;

    @Test
    void whatever_a_migration_is_called_it_is_asked_for_and_told_by_that_name(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);
        String migration = story.migration() + "/é \"100%\" \\ ?&#;$(id)";

        assertThat(workspace.gate("ask", "spare", migration).code()).isZero();
        assertThat(workspace
                        .gate("failed", "spare", migration, "a \"quoted\"\n\\ reason")
                        .code())
                .isZero();
        assertThat(workspace.gate("accepted", "spare", migration).code()).isZero();

        assertThat(story.suite.events.await(
                        MigrationEvent.Failed.class, event -> event.migration().equals(migration), Scenario.LIMIT))
                .hasValueSatisfying(failed -> assertThat(failed.reason()).isEqualTo("a \"quoted\" \\ reason"));
        assertThat(story.suite.events.await(
                        MigrationEvent.Accepted.class,
                        event -> event.migration().equals(migration),
                        Scenario.LIMIT))
                .hasValueSatisfying(
                        accepted -> assertThat(accepted.acceptedBy()).isEqualTo("requester"));
    }

    @Test
    void the_deadline_ends_the_waiting_and_the_migration_does_not_run(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);

        Ran ran;
        try (Connection other = story.suite.spare.asOwner();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table customers in share mode");
            ran = workspace.gate(
                    Map.of("RIPCORD_DEADLINE_SECONDS", "1"), "run", "spare", story.migration(), "touch", "ran");
            other.rollback();
        }

        assertThat(ran.code()).as(ran.output()).isEqualTo(4);
        assertThat(ran.output()).contains("must not run");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void what_cannot_be_reached_or_does_not_let_in_keeps_the_migration_from_running(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);

        Ran away = workspace.gate(
                Map.of("RIPCORD_SNAPSHOT_URL", "http://127.0.0.1:1", "RIPCORD_DEADLINE_SECONDS", "1"),
                "run",
                "spare",
                story.migration(),
                "touch",
                "ran");
        Ran stranger =
                workspace.gate(Map.of("RIPCORD_TOKEN", "guessed"), "run", "spare", story.migration(), "touch", "ran");
        Ran viewer = workspace.gate(
                Map.of("RIPCORD_TOKEN", story.suite.stack.token("viewer")), "ask", "spare", story.migration());
        Ran nowhere = workspace.gate("ask", "nowhere", story.migration());

        assertThat(away.code()).as(away.output()).isEqualTo(4);
        assertThat(List.of(stranger.code(), viewer.code(), nowhere.code())).containsOnly(3);
        assertThat(nowhere.output()).contains("is not enrolled");
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void an_answer_of_something_else_does_not_open_the_gate(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);
        HttpServer proxy = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        proxy.createContext("/", exchange -> {
            byte[] page = "<html>\"open\" for business</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        proxy.start();
        try {
            Ran ran = workspace.gate(
                    Map.of(
                            "RIPCORD_SNAPSHOT_URL",
                            "http://127.0.0.1:" + proxy.getAddress().getPort()),
                    "run",
                    "spare",
                    story.migration(),
                    "touch",
                    "ran");
            assertThat(ran.code()).as(ran.output()).isEqualTo(3);
            assertThat(ran.output()).contains("RIPCORD_SNAPSHOT_URL");
            assertThat(folder.resolve("ran")).doesNotExist();
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void a_pipeline_that_is_cancelled_at_the_gate_no_longer_waits_there(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);
        String before = story.migration() + "-before"; // so that no other snapshot is on its way
        assertThat(workspace.gate("ask", "spare", before).code()).isZero();
        assertThat(workspace.gate("completed", "spare", before).code()).isZero();
        try (Connection other = story.suite.spare.asOwner();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table customers in share mode");
            Process gate = workspace.startGate(Map.of(), "run", "spare", story.migration(), "touch", "ran");
            assertThat(story.suite.events.await(
                            MigrationEvent.Started.class,
                            event -> event.migration().equals(story.migration()),
                            Scenario.LIMIT))
                    .isPresent();
            gate.toHandle().destroy();
            Ran ran = Workspace.ran(gate);
            other.rollback();

            assertThat(ran.code()).as(ran.output()).isEqualTo(128 + 15);
            assertThat(folder.resolve("ran")).doesNotExist();
            assertThat(story.suite.events.await(
                            MigrationEvent.Failed.class,
                            event -> event.migration().equals(story.migration()),
                            Scenario.LIMIT))
                    .hasValueSatisfying(failed -> assertThat(failed.reason()).contains("has not run"));
        }
    }

    @Test
    void it_is_called_rightly_or_not_at_all(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);

        for (List<String> wrong : List.of(
                List.of("ask", "spare"),
                List.of("run", "spare", "V1"),
                List.of("failed", "spare", "V1"),
                List.of("usage", "spare", "V1"),
                List.of("ask", "spare", "V1", "more"))) {
            Ran ran = workspace.gate(wrong.toArray(String[]::new));
            assertThat(ran.code()).as(wrong.toString()).isEqualTo(2);
            assertThat(ran.output()).startsWith("usage:");
        }
        assertThat(workspace
                        .gate(Map.of("RIPCORD_TOKEN", ""), "ask", "spare", "V1")
                        .code())
                .isEqualTo(2);
        assertThat(workspace
                        .gate(Map.of("RIPCORD_TOKEN", "a\"\nurl = x"), "ask", "spare", "V1")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void a_pipeline_that_is_cancelled_ends_its_migration_and_tells_so_and_asks_for_nothing(Scenario story)
            throws Exception {
        Workspace workspace = new Workspace(story, folder);
        Process gate = workspace.startGate(
                Map.of("RIPCORD_ON_FAILURE", "rollback"),
                "run",
                "spare",
                story.migration(),
                "sh",
                "-c",
                "sleep 61 & echo $! > deeper; echo it runs; sleep 60");
        awaitLine(gate.getInputStream(), "it runs");

        gate.toHandle().destroy();
        Ran ran = Workspace.ran(gate);

        assertThat(ran.code()).as(ran.output()).isEqualTo(128 + 15);
        long deeper = Long.parseLong(Files.readString(folder.resolve("deeper")).strip());
        // it has ended, and is there until somebody has waited for it
        await().untilAsserted(() -> assertThat(ProcessHandle.of(deeper).filter(ProcessHandle::isAlive))
                .as("what the command had started")
                .isEmpty());
        assertThat(ran.output()).doesNotContain("asked for");
        assertThat(story.suite.events.await(
                        MigrationEvent.Failed.class,
                        event -> event.migration().equals(story.migration()),
                        Scenario.LIMIT))
                .hasValueSatisfying(failed -> assertThat(failed.reason()).contains("cancelled"));
    }

    @Test
    void the_command_that_migrates_has_the_input_of_the_pipeline(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);
        Process gate = workspace.startGate(Map.of(), "run", "spare", story.migration(), "sh", "-c", "cat > got");

        gate.getOutputStream().write("select 1".getBytes(StandardCharsets.UTF_8));
        Ran ran = Workspace.ran(gate);

        assertThat(ran.code()).as(ran.output()).isZero();
        assertThat(folder.resolve("got")).hasContent("select 1");
    }

    @Test
    void the_token_may_be_in_a_file_and_lines_of_curl_do_too(Scenario story) throws Exception {
        Workspace workspace = new Workspace(story, folder);
        Path file = Files.writeString(folder.resolve("pipeline.token"), workspace.token() + "\n");

        assertThat(workspace
                        .gate(
                                Map.of("RIPCORD_TOKEN", "", "RIPCORD_TOKEN_FILE", file.toString()),
                                "ask",
                                "spare",
                                story.migration())
                        .code())
                .isZero();

        assertThat(workspace.gate("completed", "spare", story.migration()).code())
                .isZero();

        Path docs = Workspace.PIPELINES.resolveSibling("docs");
        List<String> lines = Stream.of(docs.resolve("pipelines.md"), docs.resolve("../../README.md"))
                .flatMap(document -> linesOf(document).stream())
                .filter(each -> each.startsWith("curl "))
                .map(each -> each.replace(
                                "http://127.0.0.1:8081",
                                story.suite.stack.address(Service.SNAPSHOT).toString())
                        .replace("/gates/shop/", "/gates/spare/")
                        .replace("./migrate.sh", "touch ran"))
                .toList();
        assertThat(lines).hasSize(3);
        Files.writeString(folder.resolve("pipeline.header"), "Authorization: Bearer " + workspace.token() + "\n");
        Ran refused =
                workspace.run(Map.of(), List.of("sh", "-c", lines.getFirst().replace("/gates/spare/", "/gates/no/")));
        assertThat(refused.code()).as(refused.output()).isNotZero();
        assertThat(refused.output()).contains("is not enrolled").contains("run ripcord enrol");
        assertThat(folder.resolve("ran")).doesNotExist();
        for (String line : lines) {
            Ran ran = workspace.run(Map.of(), List.of("sh", "-c", line));
            assertThat(ran.code()).as(ran.output()).isZero();
        }
        assertThat(folder.resolve("ran")).exists();
        assertThat(workspace
                        .gate("completed", "spare", "2026-11-21-add-discounts")
                        .code())
                .isZero();
    }

    private static List<String> linesOf(Path document) {
        try {
            return Files.readAllLines(document).stream().map(String::strip).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitLine(InputStream output, String line) throws IOException {
        StringBuilder said = new StringBuilder();
        while (said.indexOf(line + "\n") < 0) {
            int next = output.read();
            assertThat(next).as(said.toString()).isNotNegative();
            said.append((char) next);
        }
    }
}
