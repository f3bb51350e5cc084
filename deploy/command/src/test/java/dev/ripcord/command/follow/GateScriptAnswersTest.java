package dev.ripcord.command.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.command.follow.MadeUpService.Reply;
import dev.ripcord.command.stack.Installation;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the script of pipelines makes of answers that the services give seldom or never, in each shell that is there. */
class GateScriptAnswersTest {

    private static final Path SCRIPT = Installation.here().home().resolve("deploy/pipelines/ripcord-gate.sh");
    private static final String GATE = "/gates/s/v";
    private static final String WITHDRAWN = GATE + "/withdrawn";
    private static final Reply WAITING = new Reply(202, "{\"gate\": \"waiting\"}");
    private static final Reply TOLD = new Reply(200, "{\"told\": \"migration.failed\", \"snapshot\": \"s\"}");

    @TempDir
    Path folder;

    private MadeUpService service;

    private record Ran(int code, String output) {}

    static Stream<List<String>> shells() {
        return Stream.of(List.of("/bin/dash"), List.of("/bin/bash", "--posix"), List.of("/bin/busybox", "sh"))
                .filter(shell -> Files.isExecutable(Path.of(shell.getFirst())));
    }

    @BeforeEach
    void start() throws IOException {
        service = new MadeUpService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void who_is_refused_after_he_has_waited_tells_that_he_waits_no_more(List<String> shell) throws Exception {
        service.answers(GATE, WAITING, new Reply(401, "{}")).answers(WITHDRAWN, TOLD);

        Ran ran = script(shell, "run", "s", "v", "touch", "ran");

        assertThat(ran.code()).as(ran.output()).isEqualTo(3);
        assertThat(ran.output()).doesNotContain("counts as running");
        assertThat(service.paths()).containsExactly(GATE, GATE, WITHDRAWN);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("shells")
    void where_nobody_hears_that_he_waits_no_more_the_script_says_what_to_do(List<String> shell) throws Exception {
        service.answers(GATE, WAITING, MadeUpService.PAGE).answers(WITHDRAWN, MadeUpService.PAGE);

        Ran ran = script(shell, "ask", "s", "v");

        assertThat(ran.code()).as(ran.output()).isEqualTo(3);
        assertThat(ran.output()).contains("RIPCORD_SNAPSHOT_URL").contains("ripcord-gate.sh failed s v");
        assertThat(service.paths()).containsExactly(GATE, GATE, WITHDRAWN);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whose_first_answer_is_a_refusal_leaves_alone_what_another_waits_for(List<String> shell) throws Exception {
        service.answers(GATE, new Reply(403, "{}")).answers(WITHDRAWN, TOLD);

        assertThat(script(shell, "ask", "s", "v").code()).isEqualTo(3);
        assertThat(service.paths()).containsExactly(GATE);
    }

    @ParameterizedTest
    @MethodSource("shells")
    void the_page_of_a_proxy_is_no_answer_to_what_is_told_or_asked_for(List<String> shell) throws Exception {
        service.answers("/", MadeUpService.PAGE);

        for (List<String> said : List.of(
                List.of("completed", "s", "v"),
                List.of("accepted", "s", "v"),
                List.of("failed", "s", "v", "why"),
                List.of("rollback", "s", "v", "why"))) {
            Ran ran = script(shell, said.toArray(String[]::new));
            assertThat(ran.code()).as(said + ran.output()).isEqualTo(3);
            assertThat(ran.output()).contains("no answer of Ripcord").contains("RIPCORD_");
            assertThat(ran.output()).doesNotContain("is told").doesNotContain("is asked for");
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void the_services_own_answers_are_answers(List<String> shell) throws Exception {
        service.answers(GATE, TOLD)
                .answers("/rollbacks", new Reply(202, "{\"rollback\": \"r\", \"status\": \"/rollbacks/r\"}"));

        assertThat(script(shell, "completed", "s", "v").code()).isZero();
        assertThat(script(shell, "failed", "s", "v", "why").code()).isZero();
        assertThat(script(shell, "rollback", "s", "v", "why").output()).contains("rollback r is asked for");
        assertThat(service.paths()).containsExactly(GATE + "/completed", GATE + "/failed", "/rollbacks");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void a_refusal_says_what_to_do_next(List<String> shell) throws Exception {
        service.answers(
                GATE + "/failed",
                new Reply(
                        409,
                        "{\"reason\": \"its newest run has not failed\", \"next\": \"ripcord gate s 'v' --snapshot a1 --failed REASON\"}"));

        Ran ran = script(shell, "failed", "s", "v", "why");

        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.output())
                .contains("refused (409): its newest run has not failed")
                .contains("next: ripcord gate s 'v' --snapshot a1 --failed REASON");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void a_reason_that_is_too_long_ends_with_a_whole_character(List<String> shell) throws Exception {
        service.answers(GATE, TOLD);

        for (String last : List.of("é", "€", "🐘")) {
            for (int room = 0; room <= 4; room++) {
                String reason = "\\\"" + "x".repeat(998 - room);
                assertThat(script(shell, "failed", "s", "v", reason + last + "y".repeat(9))
                                .code())
                        .isZero();
                JsonNode sent = KafkaBinding.JSON.readTree(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(service.asked().getLast().body()))
                        .toString());
                boolean fits = last.getBytes(StandardCharsets.UTF_8).length <= room;
                assertThat(sent.path("reason").asText().replace("y", ""))
                        .as(last + " in " + room + " bytes")
                        .isEqualTo(fits ? reason + last : reason);
            }
        }
    }

    private static final Reply OPEN = new Reply(200, "{\"gate\": \"open\", \"snapshot\": \"s1\"}");
    private static final String WITH_CHILDREN = "sleep 61 & echo $! > deeper; echo it runs; sleep 60";

    @ParameterizedTest
    @MethodSource("shells")
    void at_a_terminal_too_all_that_the_migration_has_started_is_ended_before_its_end_is_told(List<String> shell)
            throws Exception {
        Path terminal = Path.of("/usr/bin/script");
        assumeTrue(Files.isExecutable(terminal), "script of util-linux, which makes a terminal, is not there");
        service.answers(GATE, OPEN).answers(GATE + "/failed", TOLD);
        Files.writeString(folder.resolve("migrate"), WITH_CHILDREN);
        String command = String.join(" ", shell) + " " + SCRIPT + " run s v sh migrate";

        // whoever runs the tests in the background has ^C ignored by all that they start
        Process gate = start(
                Map.of(), List.of("env", "--default-signal=INT", terminal.toString(), "-qec", command, "/dev/null"));
        StringBuilder said = new StringBuilder();
        awaitText(gate, said, "it runs");
        gate.getOutputStream().write(3); // ^C
        gate.getOutputStream().flush();
        awaitText(gate, said, "is told to have failed");
        gate.waitFor();

        // it has ended, and is there until somebody has waited for it
        await().untilAsserted(() ->
                assertThat(deeper()).as("what the command had started").isEmpty());
        assertThat(service.paths()).containsExactly(GATE, GATE + "/failed");
    }

    @ParameterizedTest
    @MethodSource("shells")
    void where_what_it_has_started_cannot_be_ended_the_end_is_not_told(List<String> shell) throws Exception {
        service.answers(GATE, OPEN).answers(GATE + "/failed", TOLD);
        Path programs = Files.createDirectory(folder.resolve("programs"));
        for (String program :
                List.of("sh", "sleep", "date", "od", "tr", "sed", "cut", "cat", "tail", "grep", "curl", "dirname")) {
            Files.createSymbolicLink(
                    programs.resolve(program),
                    Stream.of("/usr/bin", "/bin")
                            .map(place -> Path.of(place, program))
                            .filter(Files::isExecutable)
                            .findFirst()
                            .orElseThrow());
        }
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(SCRIPT.toString(), "run", "s", "v", "sh", "-c", WITH_CHILDREN));

        Process gate = start(Map.of("PATH", programs.toString()), command);
        StringBuilder said = new StringBuilder();
        awaitText(gate, said, "it runs");
        gate.toHandle().destroy();
        awaitText(gate, said, "'it was cancelled'");

        assertThat(gate.waitFor()).as(said.toString()).isEqualTo(128 + 15);
        assertThat(said).contains("ripcord-gate.sh failed s v 'it was cancelled'");
        assertThat(service.paths()).containsExactly(GATE);
        deeper().ifPresent(ProcessHandle::destroyForcibly);
    }

    private Optional<ProcessHandle> deeper() throws IOException {
        return ProcessHandle.of(Long.parseLong(
                        Files.readString(folder.resolve("deeper")).strip()))
                .filter(ProcessHandle::isAlive);
    }

    private static void awaitText(Process process, StringBuilder said, String text) throws IOException {
        while (said.indexOf(text) < 0) {
            int next = process.getInputStream().read();
            assertThat(next).as(said.toString()).isNotNegative();
            said.append((char) next);
        }
    }

    private Ran script(List<String> shell, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(shell);
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
        Process started = start(Map.of(), command);
        started.getOutputStream().close();
        String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(started.waitFor(), output);
    }

    private Process start(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(command).directory(folder.toFile());
        process.environment().keySet().retainAll(List.of("PATH"));
        process.environment()
                .putAll(Map.of(
                        "LANG",
                        "C.UTF-8",
                        "RIPCORD_SNAPSHOT_URL",
                        service.address() + "/",
                        "RIPCORD_ROLLBACK_URL",
                        service.address().toString(),
                        "RIPCORD_TOKEN",
                        "token"));
        process.environment().putAll(environment);
        return process.redirectErrorStream(true).start();
    }
}
