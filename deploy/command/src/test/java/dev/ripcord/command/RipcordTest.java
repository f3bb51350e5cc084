package dev.ripcord.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RipcordTest {

    static Stream<List<String>> commands() {
        return below(List.of(), Ripcord.commandLine()).stream();
    }

    private static List<List<String>> below(List<String> path, CommandLine command) {
        List<List<String>> found = new ArrayList<>(List.of(path));
        command.getSubcommands().forEach((name, sub) -> {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            found.addAll(below(deeper, sub));
        });
        return found;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_explains_itself(List<String> command) {
        List<String> arguments = new ArrayList<>(command);
        arguments.add("--help");
        StringWriter said = new StringWriter();
        int status = Ripcord.commandLine().setOut(new PrintWriter(said)).execute(arguments.toArray(String[]::new));
        assertThat(status).isZero();
        assertThat(said.toString())
                .contains("Usage: ripcord " + String.join(" ", command))
                .contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8081", "127.0.0.1:8081", "http:/localhost", "ftp://localhost", "http://", "a b"})
    void a_server_that_is_no_address_is_refused_with_the_form_of_one(String server) {
        StringWriter said = new StringWriter();
        int status = Ripcord.commandLine()
                .setErr(new PrintWriter(said))
                .execute("gate", "shop", "V1", "--completed", "--server", server);
        assertThat(status).isEqualTo(2);
        assertThat(said.toString()).contains("'--server'").contains("it is http://host:port, found " + server);
    }

    @Test
    void a_wrong_call_ends_with_2_and_says_what_is_wrong() {
        StringWriter said = new StringWriter();
        int status = Ripcord.commandLine().setErr(new PrintWriter(said)).execute("gate", "shop");
        assertThat(status).isEqualTo(2);
        assertThat(said.toString()).contains("MIGRATION");
    }
}
