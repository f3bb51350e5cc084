package dev.ripcord.command.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ripcord.command.Ripcord;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownCommandTest {

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    /** Holds a folder as a stack does that is coming up. */
    static final class Holder {

        private Holder() {}

        /** One that holds it now. */
        static Process start(Path folder, String... more) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Holder.class.getName(),
                    folder.toString()));
            command.addAll(List.of(more));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(process.inputReader().readLine()).isEqualTo("held");
            return process;
        }

        public static void main(String... arguments) throws Exception {
            Running running = new Running(Path.of(arguments[0]));
            try (FileLock hold = running.hold(Duration.ofSeconds(5)).orElseThrow()) {
                if (arguments.length > 1)
                    running.write(new Running.Card(ProcessHandle.current().pid(), Map.of()));
                System.out.println(hold.isValid() ? "held" : "not held");
                System.in.read(); // until it is ended, or who has started it is gone
            }
        }
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void a_stack_that_is_just_coming_up_is_stopped() throws Exception {
        Process stack = holder("and says so");
        assertThat(new Running(folder).card()).as("what is up").isEmpty();

        StringWriter complaints = new StringWriter();
        assertThat(down(complaints)).as(complaints.toString()).isZero();

        assertThat(stack.isAlive()).isFalse();
    }

    @Test
    void who_has_the_number_of_a_stack_that_has_ended_is_left_alone() throws Exception {
        Process stack = holder();
        Process other = started(new ProcessBuilder("sleep", "120"));
        new Running(folder).write(new Running.Card(other.pid(), Map.of("status page", "http://127.0.0.1:8080/")));
        Files.setLastModifiedTime(
                folder.resolve("running.json"), FileTime.from(Instant.now().minus(Duration.ofHours(1))));

        StringWriter complaints = new StringWriter();
        assertThat(down(complaints)).isNotZero();

        assertThat(complaints.toString()).contains("starting or stopping");
        assertThat(other.isAlive()).isTrue();
        assertThat(stack.isAlive()).isTrue();
    }

    private int down(StringWriter complaints) {
        return Ripcord.commandLine()
                .setErr(new PrintWriter(complaints, true))
                .execute("down", "--data", folder.toString());
    }

    private Process holder(String... more) throws IOException {
        Process process = Holder.start(folder, more);
        processes.add(process);
        return process;
    }

    private Process started(ProcessBuilder command) throws IOException {
        Process process = command.redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }
}
