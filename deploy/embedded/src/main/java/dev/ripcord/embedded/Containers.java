package dev.ripcord.embedded;

import com.github.dockerjava.api.exception.NotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL and Kafka from images that this machine already has; nothing is pulled. */
record Containers(String postgresImage, String kafkaImage) {

    /** Held, because a logger that nobody holds forgets its level. */
    private static final List<Logger> TALKATIVE = Stream.of("org.testcontainers", "tc", "com.github.dockerjava")
            .map(Logger::getLogger)
            .toList();

    static Containers ofMajor(int major) {
        return new Containers(
                System.getProperty("infra.postgres.image", "postgres:" + major),
                System.getProperty("infra.kafka.image", "apache/kafka:4.1.1"));
    }

    /** What is missing to start them, in one line; empty if nothing is. */
    Optional<String> missing() {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.OFF));
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.of("no container engine answers here; start one, or run with -Dinfra=embedded");
            }
            return Stream.of(postgresImage, kafkaImage)
                    .filter(image -> !present(image))
                    .map(image -> "the image " + image + " is not on this machine; docker pull " + image
                            + ", or run with -Dinfra=embedded")
                    .findFirst();
        } catch (RuntimeException e) {
            return Optional.of("the container engine cannot be used: " + e.getMessage());
        } finally {
            TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
        }
    }

    private static boolean present(String image) {
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Starts both; they end with this JVM. */
    @SuppressWarnings("resource") // the engine removes them when this JVM is gone
    EmbeddedInfrastructure start() {
        PostgreSQLContainer postgres = new PostgreSQLContainer(
                        DockerImageName.parse(postgresImage).asCompatibleSubstituteFor("postgres"))
                .withUsername("postgres")
                .withDatabaseName("postgres");
        postgres.setCommand(
                "postgres",
                "-c",
                "wal_level=logical",
                "-c",
                "max_connections=200",
                "-c",
                "max_prepared_transactions=10");
        KafkaContainer kafka = new KafkaContainer(
                        DockerImageName.parse(kafkaImage).asCompatibleSubstituteFor("apache/kafka"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(SuiteTopics.LARGEST_RECORD_BYTES));
        try {
            postgres.start();
            kafka.start();
        } catch (RuntimeException e) {
            throw new CannotStartException("-Dinfra=containers: " + e.getMessage(), e);
        }
        SuiteTopics.USUAL.create(kafka.getBootstrapServers());
        return new EmbeddedInfrastructure(
                kafka.getBootstrapServers(),
                new DatabaseServer(
                        postgres.getHost(),
                        postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                        postgres.getUsername(),
                        postgres.getPassword()));
    }
}
