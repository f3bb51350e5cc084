package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.MadeUpService;
import dev.ripcord.command.follow.MadeUpService.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AccessTest {

    @TempDir
    Path folder;

    private final StringWriter complaints = new StringWriter();

    static Stream<List<String>> commands() {
        return Stream.of(
                List.of("gate", "shop", "V1", "--completed"),
                List.of("snapshots"),
                List.of("release", "s"),
                List.of("rollback", "request", "shop", "--reason", "why"),
                List.of("rollback", "status"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void the_page_of_a_proxy_is_no_answer(List<String> command) throws Exception {
        try (MadeUpService proxy = new MadeUpService().answers("/", MadeUpService.PAGE)) {
            assertThat(run(proxy, command)).isNotZero();
        }
        assertThat(complaints.toString()).contains("no service of Ripcord");
    }

    @Test
    void a_report_is_text_and_an_answer_all_the_same() throws Exception {
        try (MadeUpService service =
                new MadeUpService().answers("/rollbacks/r/report.md", new Reply(200, "# Report"))) {
            assertThat(run(service, List.of("rollback", "report", "r"))).isZero();
        }
        assertThat(complaints.toString()).isEmpty();
    }

    @Test
    void the_token_of_the_stack_on_this_machine_is_shown_to_that_stack_alone() throws Exception {
        Map<String, String> usual =
                Map.of("user.name", System.getProperty("user.name"), "user.home", System.getProperty("user.home"));
        System.setProperty("user.name", "somebody");
        System.setProperty("user.home", folder.toString());
        Path data = DataFolder.usual();
        assumeTrue(data.startsWith(folder), "XDG_DATA_HOME is set");
        Files.createDirectories(data.resolve("secrets"));
        Files.writeString(data.resolve("secrets/administrator.token"), "of-the-stack");
        Process stack = DownCommandTest.Holder.start(data);
        try (MadeUpService service = new MadeUpService().answers("/", new Reply(200, "[]"));
                MadeUpService other = new MadeUpService().answers("/", new Reply(200, "[]"))) {
            new Running(data)
                    .write(new Running.Card(
                            stack.pid(),
                            Map.of("rollback-service", service.address().toString())));

            assertThat(execute(List.of("rollback", "status", "--server", service.address() + "/")))
                    .as(complaints.toString())
                    .isZero();
            assertThat(execute(List.of(
                            "rollback", "status", "--server", other.address().toString())))
                    .isNotZero();

            assertThat(service.asked()).hasSize(1);
            assertThat(other.asked()).isEmpty();
            assertThat(complaints.toString()).contains("there is no token for " + other.address());
        } finally {
            stack.destroyForcibly();
            usual.forEach(System::setProperty);
        }
    }

    private int run(MadeUpService service, List<String> command) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "token");
        List<String> access = List.of("--server", service.address().toString(), "--token-file", token.toString());
        return execute(Stream.concat(command.stream(), access.stream()).toList());
    }

    private int execute(List<String> command) {
        return Ripcord.commandLine().setErr(new PrintWriter(complaints, true)).execute(command.toArray(String[]::new));
    }
}
