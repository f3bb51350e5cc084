package dev.ripcord.embedded;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

    private static final String SHARED = "ripcord.infrastructure.shared";

    /**
     * The JVM's infrastructure, the same for every class loader.
     *
     * @throws CannotStartException with the reason
     */
    public static EmbeddedInfrastructure shared() {
        synchronized (System.getProperties()) {
            Map<Object, Object> jvm = System.getProperties();
            if (jvm.get(SHARED) instanceof Map<?, ?> known) return read(known);
            EmbeddedInfrastructure started = started();
            jvm.put(SHARED, started.written());
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
        EmbeddedInfrastructure infrastructure = InfrastructureChoice.fromProperties().start();
        try {
            infrastructure.postgres.createDatabase(STATE_DATABASE);
            return infrastructure;
        } catch (SQLException e) {
            throw new CannotStartException("cannot make the database " + STATE_DATABASE + ": " + e.getMessage(), e);
        }
    }

    /** In types of the JDK alone, for the class loaders of tests each have their own class of this name. */
    private Map<String, String> written() {
        Map<String, String> written = new ConcurrentHashMap<>();
        written.put("kafka", kafka);
        written.put("host", postgres.host());
        written.put("port", Integer.toString(postgres.port()));
        written.put("superuser", postgres.superuser());
        written.put("password", postgres.password());
        return written;
    }

    private static EmbeddedInfrastructure read(Map<?, ?> written) {
        return new EmbeddedInfrastructure(
                text(written, "kafka"),
                new DatabaseServer(
                        text(written, "host"),
                        Integer.parseInt(text(written, "port")),
                        text(written, "superuser"),
                        text(written, "password")));
    }

    private static String text(Map<?, ?> written, String key) {
        return String.valueOf(written.get(key));
    }
}
