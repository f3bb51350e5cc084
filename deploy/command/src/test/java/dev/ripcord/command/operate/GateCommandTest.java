package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.MadeUpService;
import dev.ripcord.command.follow.MadeUpService.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline that is cancelled while it waits at the gate. */
class GateCommandTest {

    private static final Reply WAITING = new Reply(202, "{\"gate\": \"waiting\"}");
    private static final Reply TOLD = new Reply(200, "{\"told\": \"migration.failed\", \"snapshot\": \"s\"}");

    @TempDir
    Path folder;

    @Test
    void says_so_where_that_was_heard() throws Exception {
        assertThat(cancelled(TOLD)).contains("Cancelled: V1 must not run.").doesNotContain("Next:");
    }

    @Test
    void says_what_to_do_where_nobody_heard_it() throws Exception {
        assertThat(cancelled(new Reply(503, "{}")))
                .contains("Cancelled: V1 must not run. Next: it counts as running until told otherwise")
                .contains("ripcord gate shop V1 --failed");
    }

    @Test
    void without_a_token_there_is_nothing_to_cancel() throws Exception {
        Process gate = gate("http://127.0.0.1:1", folder.resolve("none"));

        String said = said(gate);

        assertThat(gate.waitFor()).as(said).isOne();
        assertThat(said)
                .contains("no token can be read")
                .doesNotContain("Cancelled")
                .doesNotContain("\tat ");
    }

    private String cancelled(Reply answer) throws Exception {
        try (MadeUpService service =
                new MadeUpService().answers("/gates/shop/V1", WAITING).answers("/gates/shop/V1/withdrawn", answer)) {
            Process gate = gate(service.address().toString(), Files.writeString(folder.resolve("token"), "token"));
            await().atMost(Duration.ofSeconds(30)).until(() -> !service.asked().isEmpty());
            gate.toHandle().destroy(); // which leaves what it says to be read
            return said(gate);
        }
    }

    private static String said(Process gate) throws IOException {
        return new String(gate.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Process gate(String server, Path token) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ripcord.class.getName(),
                        "gate",
                        "shop",
                        "V1",
                        "--server",
                        server,
                        "--token-file",
                        token.toString()))
                .redirectErrorStream(true)
                .start();
    }
}
