package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import dev.ripcord.command.follow.MadeUpService;
import dev.ripcord.command.follow.MadeUpService.Reply;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private int run(MadeUpService service, List<String> command) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "token");
        List<String> access = List.of("--server", service.address().toString(), "--token-file", token.toString());
        return Ripcord.commandLine()
                .setErr(new PrintWriter(complaints, true))
                .execute(Stream.concat(command.stream(), access.stream()).toArray(String[]::new));
    }
}
