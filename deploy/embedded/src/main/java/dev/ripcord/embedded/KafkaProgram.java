package dev.ripcord.embedded;

import dev.ripcord.events.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Kafka node as a program of its own: {@code KafkaProgram FOLDER PORT [PREFIX [PARTITIONS]]}, ends on TERM. */
public final class KafkaProgram {

    private static final String READY = "Kafka is ready on ";

    private KafkaProgram() {}

    public static void main(String[] arguments) {
        try {
            EmbeddedKafka kafka = EmbeddedKafka.start(
                    Path.of(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    arguments.length > 2 ? arguments[2] : Topic.DEFAULT_PREFIX,
                    arguments.length > 3 ? Integer.parseInt(arguments[3]) : SuiteTopics.USUAL.partitions());
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::stop, "kafka-stop"));
            System.out.println(READY + kafka.bootstrapServers());
        } catch (CannotStartException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * The program to give to {@link ServiceProcess}, on this JVM's class path.
     *
     * @param port a real one, for a process cannot hand a free one back
     * @param log the program's output
     */
    public static JavaProgram program(Path logFolder, int port, String prefix, int partitions, Path log) {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED"));
        String logManager = System.getProperty("java.util.logging.manager");
        if (logManager != null) arguments.add("-Djava.util.logging.manager=" + logManager);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), KafkaProgram.class.getName()));
        arguments.addAll(List.of(
                logFolder.toAbsolutePath().toString(), Integer.toString(port), prefix, Integer.toString(partitions)));
        return new JavaProgram("kafka", arguments, Map.of(), log, new Readiness.Line(READY), Duration.ofSeconds(60));
    }
}
