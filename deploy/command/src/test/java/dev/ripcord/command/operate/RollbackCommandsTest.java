package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.MadeUpService;
import dev.ripcord.command.follow.MadeUpService.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads of a rollback that does not get on, or not where it should. */
class RollbackCommandsTest {

    private static final Reply ASKED = new Reply(202, "{\"rollback\": \"r\", \"status\": \"/rollbacks/r\"}");
    private static final String REFUSED = view("Refused", true, "null", """
            {"reason": "a migration is running", "next": "ripcord gate shop V1 --completed"}""");

    @TempDir
    Path folder;

    private MadeUpService service;

    private record Ran(int status, String said) {}

    @BeforeEach
    void start() throws IOException {
        service = new MadeUpService();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void a_refusal_says_what_to_do_next_however_it_is_looked_at() throws IOException {
        service.answers("/rollbacks", ASKED).answers("/rollbacks/r", new Reply(200, REFUSED));

        for (List<String> command : List.of(
                List.of("request", "shop", "--reason", "why", "--wait"),
                List.of("plan", "shop"),
                List.of("show", "r"),
                List.of("status", "r"))) {
            assertThat(run(command).said())
                    .as(command.toString())
                    .contains("a migration is running")
                    .contains("next: ripcord gate shop V1 --completed");
        }
    }

    @Test
    void what_keeps_it_waiting_is_shown_and_shown_again_when_that_is_something_else() throws IOException {
        String early = view("Asked", false, "null", "{\"waitsFor\": \"no snapshot is known\"}");
        String stuck = view("Preparing", false, "\"the server refuses\"", "{}");
        String full = view("Preparing", false, "\"it is full\"", "{}");
        service.answers("/rollbacks", ASKED)
                .answers(
                        "/rollbacks/r",
                        new Reply(200, early),
                        new Reply(200, early),
                        new Reply(200, stuck),
                        new Reply(200, full),
                        new Reply(200, REFUSED));

        assertThat(run(List.of("request", "shop", "--reason", "why", "--wait")).said())
                .containsOnlyOnce("waits: no snapshot is known")
                .containsOnlyOnce("tried again after: the server refuses")
                .containsOnlyOnce("tried again after: it is full");
    }

    @Test
    void what_could_not_be_asked_is_told_apart_from_a_trail_that_is_broken_and_a_way_that_does_not_lead_back()
            throws IOException {
        service.answers("/audit/verify", new Reply(200, "{\"verdict\": \"broken\", \"position\": 3}"))
                .answers("/rehearsals", new Reply(202, "{\"rehearsal\": \"h\"}"))
                .answers(
                        "/rehearsals/h",
                        new Reply(200, "{\"state\": \"Asked\", \"finished\": false}"),
                        new Reply(503, "{\"reason\": \"restarting\"}"),
                        new Reply(200, "{\"state\": \"Reported\", \"finished\": true, \"details\": {\"report\": {}}}"));
        assertThat(command("audit", "verify").status()).isOne();
        assertThat(command("rollback", "rehearse", "shop").status())
                .as("after a moment without answer")
                .isOne();

        service.close();
        assertThat(command("audit", "verify").status()).isEqualTo(3);
        assertThat(command("rollback", "rehearse", "shop").status()).isEqualTo(3);

        start();
        service.answers("/rehearsals", new Reply(202, "{\"rehearsal\": \"h\"}"))
                .answers(
                        "/rehearsals/h",
                        new Reply(
                                200,
                                "{\"state\": \"Refused\", \"finished\": true, \"details\": {\"reason\": \"there is no snapshot\"}}"));
        Ran refused = command("rollback", "rehearse", "shop");
        assertThat(refused.status()).isEqualTo(3);
        assertThat(refused.said()).contains("there is no snapshot");
    }

    private static String view(String state, boolean finished, String problem, String details) {
        return """
                {"rollback": "r", "database": "shop", "state": "%s", "finished": %s, "since": "2026-11-23T10:00:00Z",
                 "problem": %s, "details": %s}""".formatted(state, finished, problem, details);
    }

    private Ran run(List<String> command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("rollback"));
        arguments.addAll(command);
        return command(arguments.toArray(String[]::new));
    }

    private Ran command(String... command) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(command));
        Path token = Files.writeString(folder.resolve("token"), "token");
        arguments.addAll(List.of("--server", service.address().toString(), "--token-file", token.toString()));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream usual = System.out;
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        System.setOut(out);
        try {
            int status =
                    Ripcord.commandLine().setErr(new PrintWriter(out, true)).execute(arguments.toArray(String[]::new));
            return new Ran(status, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(usual);
        }
    }
}
