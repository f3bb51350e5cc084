package dev.ripcord.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the infrastructure of the tests comes from. */
enum InfrastructureChoice {
    EMBEDDED {
        @Override
        EmbeddedInfrastructure start() {
            return embedded();
        }
    },
    CONTAINERS {
        @Override
        EmbeddedInfrastructure start() {
            Containers containers = Containers.ofMajor(major());
            Optional<String> missing = containers.missing();
            if (missing.isPresent()) throw new CannotStartException("-Dinfra=containers: " + missing.get());
            return containers.start();
        }
    },
    AUTO {
        @Override
        EmbeddedInfrastructure start() {
            Containers containers = Containers.ofMajor(major());
            return containers.missing().isEmpty() ? containers.start() : embedded();
        }
    };

    abstract EmbeddedInfrastructure start();

    static InfrastructureChoice fromProperties() {
        return switch (System.getProperty("infra", "embedded")) {
            case "embedded" -> EMBEDDED;
            case "containers" -> CONTAINERS;
            case "auto" -> AUTO;
            case String other ->
                throw new CannotStartException("-Dinfra=" + other + " is unknown: it is embedded, containers or auto");
        };
    }

    /** Tests end servers and services at any line, but never the machine: what was written need not reach the disk. */
    private static final Map<String, String> NOT_DURABLE =
            Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off");

    private static int major() {
        return Integer.getInteger("ripcord.test.postgres", 18);
    }

    private static EmbeddedInfrastructure embedded() {
        try {
            Path folder = Files.createTempDirectory("ripcord-");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), major(), 0, NOT_DURABLE);
            EmbeddedKafka kafka = kafkaBeside(postgres, folder.resolve("kafka"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(kafka, postgres, folder), "infrastructure-end"));
            return new EmbeddedInfrastructure(kafka.bootstrapServers(), postgres.server());
        } catch (IOException e) {
            throw new CannotStartException("no temporary folder: " + e.getMessage(), e);
        }
    }

    private static EmbeddedKafka kafkaBeside(EmbeddedPostgres postgres, Path folder) {
        try {
            return EmbeddedKafka.start(folder, 0);
        } catch (RuntimeException e) {
            postgres.stopAtOnce();
            throw e;
        }
    }

    private static void end(EmbeddedKafka kafka, EmbeddedPostgres postgres, Path folder) {
        postgres.stopAtOnce();
        kafka.stop();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + folder + " (" + e.getMessage() + ")");
        }
    }
}
