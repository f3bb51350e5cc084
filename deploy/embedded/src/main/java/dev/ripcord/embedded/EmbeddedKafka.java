package dev.ripcord.embedded;

import dev.ripcord.events.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka node (KRaft, broker and controller in one) inside this JVM, on the loopback address, with the suite's
 * topics and their dead-letter topics. Starting on a folder that was used before goes on with its records.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int LARGEST_RECORD_BYTES = 8 * 1024 * 1024;

    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> QUIET = Stream.of("kafka", "org.apache.kafka", "state.change.logger")
            .map(Logger::getLogger)
            .toList();

    private final int port;
    private final KafkaRaftServer server;
    private boolean stopped;

    private EmbeddedKafka(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a node with the topics of the default prefix, three partitions each.
     *
     * @param logFolder made if absent
     * @param port 0 for a free one
     * @throws CannotStartException with the reason
     */
    public static EmbeddedKafka start(Path logFolder, int port) {
        return start(logFolder, port, Topic.DEFAULT_PREFIX, 3);
    }

    /** As {@link #start(Path, int)}, with the topics of another prefix and number of partitions. */
    public static EmbeddedKafka start(Path logFolder, int port, String prefix, int partitions) {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
        int listen = Ports.free(port, "Kafka");
        int control = Ports.free(0, "Kafka's controller");
        Properties settings = settings(logFolder.toAbsolutePath(), listen, control);
        format(logFolder.toAbsolutePath(), settings);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        EmbeddedKafka kafka = new EmbeddedKafka(listen, server);
        try {
            server.startup();
            kafka.createTopics(prefix, partitions);
            return kafka;
        } catch (RuntimeException e) {
            kafka.stop();
            throw new CannotStartException("Kafka cannot start in " + logFolder + ": " + e.getMessage(), e);
        }
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Stops cleanly; the folder stays. */
    public synchronized void stop() {
        if (stopped) return;
        stopped = true;
        server.shutdown();
        server.awaitShutdown();
    }

    @Override
    public void close() {
        stop();
    }

    private void createTopics(String prefix, int partitions) {
        List<NewTopic> topics = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            topics.add(topic(topic.named(prefix), partitions));
            topics.add(topic(topic.deadLetter(prefix), partitions));
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            for (var created : admin.createTopics(topics).values().values()) {
                try {
                    created.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new KafkaException("cannot make the topics", e.getCause());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while making the topics", e);
        }
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1)
                .configs(Map.of("max.message.bytes", Integer.toString(LARGEST_RECORD_BYTES)));
    }

    /** Gives an empty folder the identity of a new cluster. */
    private static void format(Path folder, Properties settings) {
        if (Files.exists(folder.resolve("meta.properties"))) return;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Path file = null;
        try {
            Files.createDirectories(folder);
            file = Files.createTempFile("ripcord-kafka", ".properties");
            try (var out = Files.newOutputStream(file)) {
                settings.store(out, null);
            }
            String[] format = {
                "format", "--config", file.toString(), "--cluster-id", Uuid.randomUuid().toString(), "--ignore-formatted"
            };
            int status = StorageTool.execute(format, new PrintStream(said, true, StandardCharsets.UTF_8));
            if (status != 0) {
                throw new CannotStartException("Kafka cannot use " + folder + ": " + said.toString(StandardCharsets.UTF_8));
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof CannotStartException refused) throw refused;
            throw new CannotStartException("Kafka cannot use " + folder + ": " + e.getMessage(), e);
        } finally {
            remove(file);
        }
    }

    private static void remove(@Nullable Path file) {
        try {
            if (file != null) Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    private static Properties settings(Path folder, int port, int control) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "controller.quorum.voters", "1@" + Ports.LOOPBACK + ":" + control,
                "listeners",
                        "CLIENTS://" + Ports.LOOPBACK + ":" + port + ",CONTROL://" + Ports.LOOPBACK + ":" + control,
                "advertised.listeners", "CLIENTS://" + Ports.LOOPBACK + ":" + port,
                "listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROL:PLAINTEXT",
                "inter.broker.listener.name", "CLIENTS",
                "controller.listener.names", "CONTROL",
                "log.dirs", folder.toString()));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1"));
        settings.putAll(Map.of(
                "auto.create.topics.enable", "false",
                "group.initial.rebalance.delay.ms", "0",
                "log.cleaner.dedupe.buffer.size", "2097152",
                "message.max.bytes", Integer.toString(LARGEST_RECORD_BYTES)));
        return settings;
    }
}
