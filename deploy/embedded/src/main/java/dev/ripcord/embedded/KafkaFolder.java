package dev.ripcord.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One node's folder and the settings of a single node on it. */
record KafkaFolder(Path path) {

    private static final String ONE = "1";

    /** Gives an empty folder the identity of a new cluster. */
    void format(Properties settings) {
        if (Files.exists(path.resolve("meta.properties"))) return;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try {
            Files.createDirectories(path);
            Path file = path.resolve("format.properties");
            try {
                store(settings, file);
                String[] format = {
                    "format",
                    "--config",
                    file.toString(),
                    "--cluster-id",
                    Uuid.randomUuid().toString(),
                    "--ignore-formatted"
                };
                int status = StorageTool.execute(format, new PrintStream(said, true, StandardCharsets.UTF_8));
                if (status != 0) throw refused(said.toString(StandardCharsets.UTF_8), null);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw refused(e.toString(), e);
        }
    }

    private static void store(Properties settings, Path file) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            settings.store(out, null);
        }
    }

    private CannotStartException refused(String reason, @Nullable Exception cause) {
        String message = "Kafka cannot use " + path + ": " + reason;
        return cause == null ? new CannotStartException(message) : new CannotStartException(message, cause);
    }

    /** All that a single node needs, its internal topics with one copy each. */
    Properties settings(int port, int controllerPort) {
        String clients = "CLIENTS://" + Ports.LOOPBACK + ":" + port;
        String controller = Ports.LOOPBACK + ":" + controllerPort;
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                ONE,
                "controller.quorum.voters",
                ONE + "@" + controller,
                "listeners",
                clients + ",CONTROLLER://" + controller,
                "advertised.listeners",
                clients,
                "listener.security.protocol.map",
                "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name",
                "CLIENTS",
                "controller.listener.names",
                "CONTROLLER",
                "log.dirs",
                path.toString()));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", ONE,
                "offsets.topic.num.partitions", ONE,
                "transaction.state.log.replication.factor", ONE,
                "transaction.state.log.min.isr", ONE,
                "transaction.state.log.num.partitions", ONE,
                "share.coordinator.state.topic.replication.factor", ONE,
                "share.coordinator.state.topic.min.isr", ONE,
                "share.coordinator.state.topic.num.partitions", ONE));
        settings.putAll(Map.of(
                "auto.create.topics.enable", "false",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", "2097152",
                "message.max.bytes", Integer.toString(SuiteTopics.LARGEST_RECORD_BYTES)));
        return settings;
    }
}
