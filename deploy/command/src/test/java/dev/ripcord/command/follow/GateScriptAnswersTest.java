package dev.ripcord.command.follow;

import static org.assertj.core.api.Assertions.assertThat;

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

    private Ran script(List<String> shell, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(shell);
        command.add(SCRIPT.toString());
        command.addAll(List.of(arguments));
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
        Process started = process.redirectErrorStream(true).start();
        started.getOutputStream().close();
        String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(started.waitFor(), output);
    }
}
