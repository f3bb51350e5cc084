package dev.ripcord.embedded;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One PostgreSQL server and one Kafka node for all tests of a JVM, started when first asked for, gone with the JVM.
 *
 * <p>System properties: {@code infra} is {@code embedded} (the default), {@code containers}, or {@code auto} (containers
 * where an engine and both images are there, else embedded). {@code ripcord.test.postgres} is the server's major, 18 by
 * default. {@code infra.postgres.image} and {@code infra.kafka.image} name other images.
 *
 * @param kafka where clients connect, as {@code host:port}; the suite's topics of the default prefix are there
 * @param postgres the server, with the database {@value #STATE_DATABASE}
 */
public record EmbeddedInfrastructure(String kafka, DatabaseServer postgres) {

    /** The database for the services' own state. */
    public static final String STATE_DATABASE = "ripcord_state";

    private static final String SHARED = "ripcord.infrastructure.";

    /**
     * The JVM's infrastructure, the same for every class loader.
     *
     * @throws CannotStartException with the reason
     */
    public static EmbeddedInfrastructure shared() {
        synchronized (System.getProperties()) {
            if (System.getProperty(SHARED + "kafka") != null) return read();
            EmbeddedInfrastructure started = started();
            started.write();
            return started;
        }
    }

    /** What a service is told: Kafka, and its state database with the superuser's login. */
    public Map<String, String> configuration() {
        Map<String, String> configuration = new LinkedHashMap<>();
        configuration.put("kafka.bootstrap.servers", kafka);
        configuration.put("ripcord.state.address", postgres.address(STATE_DATABASE));
        configuration.put("ripcord.state.user", postgres.superuser());
        configuration.put("ripcord.state.password", postgres.password());
        return configuration;
    }

    private static EmbeddedInfrastructure started() {
        EmbeddedInfrastructure infrastructure =
                InfrastructureChoice.fromProperties().start();
        try {
            infrastructure.postgres.createDatabase(STATE_DATABASE);
            return infrastructure;
        } catch (SQLException e) {
            throw new CannotStartException("cannot make the database " + STATE_DATABASE + ": " + e.getMessage(), e);
        }
    }

    /** As system properties: the class loaders of tests each have their own class of this name, but one JVM. */
    private void write() {
        System.setProperty(SHARED + "host", postgres.host());
        System.setProperty(SHARED + "port", Integer.toString(postgres.port()));
        System.setProperty(SHARED + "superuser", postgres.superuser());
        System.setProperty(SHARED + "password", postgres.password());
        System.setProperty(SHARED + "kafka", kafka);
    }

    private static EmbeddedInfrastructure read() {
        return new EmbeddedInfrastructure(
                System.getProperty(SHARED + "kafka"),
                new DatabaseServer(
                        System.getProperty(SHARED + "host"),
                        Integer.getInteger(SHARED + "port"),
                        System.getProperty(SHARED + "superuser"),
                        System.getProperty(SHARED + "password")));
    }
}
