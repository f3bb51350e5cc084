package dev.ripcord.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
            case String other -> throw new CannotStartException(
                    "-Dinfra=" + other + " is unknown: it is embedded, containers or auto");
        };
    }

    private static int major() {
        return Integer.getInteger("ripcord.test.postgres", 18);
    }

    private static EmbeddedInfrastructure embedded() {
        try {
            Path folder = Files.createTempDirectory("ripcord-");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), major(), 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(postgres, folder), "infrastructure-end"));
            EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
            return new EmbeddedInfrastructure(kafka.bootstrapServers(), postgres.server());
        } catch (IOException e) {
            throw new CannotStartException("no temporary folder: " + e.getMessage(), e);
        }
    }

    /** Kafka ends with the JVM; its files may change while they are deleted. */
    private static void end(EmbeddedPostgres postgres, Path folder) {
        postgres.stopAtOnce();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(each);
        } catch (IOException leftForTheSystemToClear) {
            System.err.println("left behind: " + folder);
        }
    }
}
