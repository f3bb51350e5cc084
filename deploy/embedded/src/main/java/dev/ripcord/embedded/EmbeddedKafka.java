package dev.ripcord.embedded;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka node (KRaft, broker and controller in one) inside this JVM, on the loopback address, with the suite's
 * topics and their dead-letter topics. Starting on a folder that was used before goes on with its records.
 */
public final class EmbeddedKafka implements AutoCloseable {

    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> TALKATIVE = Stream.of("kafka", "org.apache.kafka", "state.change.logger")
            .map(Logger::getLogger)
            .toList();

    /** Warns of an empty folder, which is what a first start has. */
    private static final Logger FIRST_START = Logger.getLogger("org.apache.kafka.controller.QuorumController");

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
        return start(logFolder, port, SuiteTopics.USUAL);
    }

    /** As {@link #start(Path, int)}, with the topics of another prefix and number of partitions. */
    public static EmbeddedKafka start(Path logFolder, int port, String prefix, int partitions) {
        return start(logFolder, port, new SuiteTopics(prefix, partitions));
    }

    private static EmbeddedKafka start(Path logFolder, int port, SuiteTopics topics) {
        quieten();
        int clients = Ports.free(port, "Kafka");
        KafkaFolder folder = new KafkaFolder(logFolder.toAbsolutePath());
        Properties settings = folder.settings(clients, Ports.free());
        folder.format(settings);
        EmbeddedKafka kafka = new EmbeddedKafka(clients, new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM));
        try {
            kafka.server.startup();
            topics.create(kafka.bootstrapServers());
            return kafka;
        } catch (RuntimeException e) {
            kafka.stop();
            throw new CannotStartException("Kafka cannot start in " + logFolder + ": " + e.getMessage(), e);
        }
    }

    /** Warnings only, whether java.util.logging or JBoss LogManager stands behind slf4j. */
    private static void quieten() {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
        FIRST_START.setLevel(Level.SEVERE);
        if (System.getProperty("log4j2.StatusLogger.level") == null) {
            System.setProperty("log4j2.StatusLogger.level", "OFF");
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

    /** Same as {@link #stop()}. */
    @Override
    public void close() {
        stop();
    }
}
