package dev.ripcord.command.stack;

import dev.ripcord.embedded.JavaProgram;
import dev.ripcord.embedded.Readiness;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a service is started on this machine: small and quick, configured by its environment alone. */
record ServiceProgram(
        Installation installation, StackFolder folder, StackPorts ports, SecretFiles secrets, boolean recording) {

    static final String STATE = "ripcord_state";
    static final String STATE_USER = "ripcord";

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final List<String> OPTIONS = List.of(
            "-Xms24m",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=30",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED");

    JavaProgram of(Service service) {
        int port = ports.of(service);
        List<String> arguments = new ArrayList<>(OPTIONS);
        // the JVM's ahead-of-time cache (JEP 514): written when a recording process ends, read by every later one
        if (recording) arguments.add("-XX:AOTCacheOutput=" + installation.startCache(service));
        else if (installation.startIsCached(service)) {
            arguments.add("-XX:AOTCache=" + installation.startCache(service));
        }
        arguments.addAll(List.of("-jar", installation.program(service).toString()));
        Map<String, String> environment = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                StackPorts.LOOPBACK + ":" + ports.kafka(),
                "RIPCORD_DATABASES",
                folder.databases().toString(),
                "RIPCORD_TOKENS",
                folder.tokens().toString(),
                "RIPCORD_STATE_ADDRESS",
                StackPorts.LOOPBACK + ":" + ports.postgres() + "/" + STATE,
                "RIPCORD_STATE_USER",
                STATE_USER,
                "RIPCORD_STATE_PASSWORD",
                secrets.read(STATE_USER + ".password"),
                "QUARKUS_HTTP_PORT",
                Integer.toString(port),
                "MALLOC_ARENA_MAX",
                "2");
        return new JavaProgram(
                service.title(),
                arguments,
                environment,
                folder.log(service.title()),
                new Readiness.Answer(URI.create("http://" + StackPorts.LOOPBACK + ":" + port + "/q/health/ready")),
                LIMIT);
    }
}
