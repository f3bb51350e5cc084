package dev.ripcord.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A launcher to kill in tests: starts a service, Kafka and PostgreSQL, tells their process ids, and waits for ever. */
final class SampleLauncher {

    private SampleLauncher() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        var service = ServiceProcess.start(
                SampleService.program(folder, Ports.free(), List.of("stubborn"), Duration.ofSeconds(20)));
        var kafka = ServiceProcess.start(
                KafkaProgram.program(folder.resolve("kafka"), Ports.free(), "ripcord", 1, folder.resolve("kafka.log")));
        var postgres = EmbeddedPostgres.start(folder.resolve("postgres"), 18, 0);
        service.awaitReady();
        kafka.awaitReady();
        Files.writeString(
                folder.resolve("children"),
                "%d\n%d\n%d\n".formatted(service.processId(), kafka.processId(), postgres.processId()));
        System.out.println("all are up");
        new CountDownLatch(1).await();
    }
}
