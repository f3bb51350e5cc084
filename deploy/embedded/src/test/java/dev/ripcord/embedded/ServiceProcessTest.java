package dev.ripcord.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessTest {

    @TempDir
    private Path folder;

    @Test
    void a_program_is_awaited_measured_restarted_and_stopped() throws IOException {
        int port = Ports.free();
        JavaProgram program = SampleService.program(folder, port, List.of("healthy"), Duration.ofSeconds(20));
        try (var service = ServiceProcess.start(program).awaitReady()) {
            assertThat(service.startupMillis()).isBetween(10L, 20_000L);
            assertThat(service.residentBytes()).isBetween(10_000_000L, 500_000_000L);
            long first = service.processId();
            service.restart();
            assertThat(service.processId()).isNotEqualTo(first);
            assertThat(service.running()).isTrue();
            service.stop();
            assertThat(service.running()).isFalse();
            assertThat(service.residentBytes()).isEqualTo(-1);
        }
        assertThat(Files.readString(folder.resolve("sample.log")))
                .contains("hello from the environment", "stopped in order");
    }

    @Test
    void a_program_that_does_not_heed_the_signal_is_killed_at_the_limit() {
        JavaProgram program = SampleService.program(folder, Ports.free(), List.of("stubborn"), Duration.ofSeconds(20));
        var service = ServiceProcess.start(program).awaitReady();
        service.stop(Duration.ofMillis(300));
        assertThat(service.running()).isFalse();
    }

    @Test
    void a_program_that_ends_at_once_is_told_with_its_last_words() {
        JavaProgram program = SampleService.program(folder, Ports.free(), List.of("broken"), Duration.ofSeconds(20));
        assertThatThrownBy(() -> ServiceProcess.start(program).awaitReady())
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("sample ended with status 7")
                .hasMessageContaining("no configuration, no service");
    }

    @Test
    void a_program_that_is_never_ready_is_killed() {
        JavaProgram program = SampleService.program(folder, Ports.free(), List.of("unready"), Duration.ofSeconds(2));
        var service = ServiceProcess.start(program);
        assertThatThrownBy(service::awaitReady)
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("sample was not ready after 2000 ms");
        assertThat(service.running()).isFalse();
    }

    @Test
    void no_orphan_is_left_when_the_launcher_is_killed() throws IOException {
        Path told = folder.resolve("children");
        JavaProgram launcher = new JavaProgram(
                "launcher",
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleLauncher.class.getName(),
                        folder.toString()),
                Map.of(),
                folder.resolve("launcher.log"),
                new Readiness.Line("all are up"),
                Duration.ofSeconds(60));
        var running = ServiceProcess.start(launcher).awaitReady();
        List<ProcessHandle> children = Files.readAllLines(told).stream()
                .map(Long::parseLong)
                .map(id -> ProcessHandle.of(id).orElseThrow())
                .toList();
        assertThat(children).hasSize(3).allMatch(ProcessHandle::isAlive);
        running.kill();
        await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void kafka_runs_as_a_program_of_its_own() throws IOException {
        JavaProgram program =
                KafkaProgram.program(folder.resolve("kafka"), Ports.free(), "ripcord", 1, folder.resolve("kafka.log"));
        try (var kafka = ServiceProcess.start(program).awaitReady()) {
            assertThat(kafka.residentBytes()).isPositive();
            kafka.restart();
            kafka.kill();
            kafka.restart();
        }
        assertThat(Files.readString(program.log())).doesNotContain("INFO", "ERROR", "SLF4J(W)");
    }

    @Test
    void kafka_on_a_port_that_is_taken_says_so_and_ends() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            JavaProgram program = KafkaProgram.program(
                    folder.resolve("kafka"), other.getLocalPort(), "ripcord", 1, folder.resolve("kafka.log"));
            assertThatThrownBy(() -> ServiceProcess.start(program).awaitReady())
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("the port is taken");
        }
    }

    @Test
    void an_address_nobody_answers_is_not_ready() {
        JavaProgram program = SampleService.program(folder, Ports.free(), List.of("healthy"), Duration.ofSeconds(2));
        JavaProgram elsewhere = new JavaProgram(
                program.name(),
                program.arguments(),
                program.environment(),
                program.log(),
                new Readiness.Answer(URI.create("http://127.0.0.1:" + Ports.free() + "/")),
                program.limit());
        assertThatThrownBy(() -> ServiceProcess.start(elsewhere).awaitReady()).isInstanceOf(CannotStartException.class);
    }
}
