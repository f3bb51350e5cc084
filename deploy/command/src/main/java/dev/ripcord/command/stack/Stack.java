package dev.ripcord.command.stack;

import dev.ripcord.embedded.CannotStartException;
import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.embedded.EmbeddedPostgres;
import dev.ripcord.embedded.KafkaProgram;
import dev.ripcord.embedded.Ports;
import dev.ripcord.embedded.ServiceProcess;
import dev.ripcord.events.Topic;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, Kafka and the four services, each in processes of its own that end with this one. First the two servers;
 * the services follow when the databases are enrolled.
 */
public final class Stack implements AutoCloseable {

    /** Who may use the services: one person for each role, named after it. */
    public static final List<String> PEOPLE = List.of("viewer", "requester", "approver", "administrator");

    private static final int PARTITIONS = 3;

    private final Installation installation;
    private final StackFolder folder;
    private final StackPorts ports;
    private final SecretFiles secrets;
    private final Vertx vertx = Vertx.vertx();
    private final Map<Service, ServiceProcess> services = new EnumMap<>(Service.class);
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable ServiceProcess kafka;
    private final Deque<AutoCloseable> guests = new ArrayDeque<>();
    private boolean recording;
    private volatile boolean closed;

    public Stack(Installation installation, StackFolder folder, StackPorts ports) {
        this.installation = installation;
        this.folder = folder;
        this.ports = ports;
        this.secrets = new SecretFiles(folder.secrets());
    }

    /** Starts PostgreSQL and Kafka, and makes what the services keep their state in. */
    public void startServers() {
        startServers(18);
    }

    /** As above, with PostgreSQL of another major version. */
    public void startServers(int major) {
        startServers(major, Map.of());
    }

    /** As above, with settings of {@code postgresql.conf} that win over the usual ones. */
    public void startServers(int major, Map<String, String> settings) {
        for (Service service : Service.values()) installation.program(service);
        ServiceProcess node = ServiceProcess.start(KafkaProgram.program(
                folder.kafka(), ports.kafka(), Topic.DEFAULT_PREFIX, PARTITIONS, folder.log("kafka")));
        keep(() -> kafka = node);
        EmbeddedPostgres server = EmbeddedPostgres.start(folder.postgres(), major, ports.postgres(), settings);
        keep(() -> postgres = server);
        makeStateDatabase(server.server());
        node.awaitReady();
        secrets.writeTokens(folder.tokens(), PEOPLE);
    }

    /** Has each service that is started from now on write what it has loaded when it ends. */
    public void record() {
        recording = true;
    }

    /** Starts the four services, as many at a time as there are processors, and waits until each is ready. */
    public void startServices() {
        ServiceProgram program = new ServiceProgram(installation, folder, ports, secrets, recording);
        Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());
        together(Arrays.stream(Service.values()), service -> () -> {
            processors.acquireUninterruptibly();
            try {
                ServiceProcess process = ServiceProcess.start(program.of(service));
                keep(() -> services.put(service, process));
                process.awaitReady();
            } finally {
                processors.release();
            }
        });
    }

    /** Starts one more process of a service, on a port of its own; it ends with the stack. */
    public ServiceProcess another(Service service) {
        StackPorts beside = ports.with(service, Ports.free());
        ServiceProgram program = new ServiceProgram(installation, folder, beside, secrets, false);
        return with(ServiceProcess.start(program.of(service))).awaitReady();
    }

    public EmbeddedPostgres postgres() {
        EmbeddedPostgres started = postgres;
        if (started == null) throw new IllegalStateException("PostgreSQL was not started");
        return started;
    }

    public ServiceProcess kafka() {
        ServiceProcess started = kafka;
        if (started == null) throw new IllegalStateException("Kafka was not started");
        return started;
    }

    public ServiceProcess service(Service service) {
        ServiceProcess started = services.get(service);
        if (started == null) throw new IllegalStateException(service.title() + " was not started");
        return started;
    }

    public URI address(Service service) {
        return URI.create("http://" + StackPorts.LOOPBACK + ":" + ports.of(service));
    }

    public String bootstrapServers() {
        return StackPorts.LOOPBACK + ":" + ports.kafka();
    }

    public StackFolder folder() {
        return folder;
    }

    public StackPorts ports() {
        return ports;
    }

    public SecretFiles secrets() {
        return secrets;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** The token of one of {@link #PEOPLE}. */
    public String token(String person) {
        return secrets.read(person + ".token");
    }

    /** The embedded server, ready to have databases enrolled. */
    public EnrolledServer server() {
        return new EnrolledServer(
                StackPorts.LOOPBACK,
                ports.postgres(),
                EnrolledServer.superuser(
                        postgres().superuser(), folder.postgres().resolve("password")),
                secrets);
    }

    /** Has something that works with this stack closed before it, the last one first. */
    public <T extends AutoCloseable> T with(T guest) {
        keep(() -> guests.push(guest));
        return guest;
    }

    /** Whether it was stopped, or is being stopped. */
    public boolean closed() {
        return closed;
    }

    /** Asks the services to end and gives each so long for it. */
    public void stopServices(Duration limit) {
        together(services.values().stream(), process -> () -> process.stop(limit));
    }

    /** Stops everything, in the order in which nothing misses anything; the folder stays. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        synchronized (this) {
            closed = true;
            while (!guests.isEmpty()) closeQuietly(guests.pop());
            together(services.values().stream(), process -> process::stop);
            if (kafka != null) kafka.stop();
            if (postgres != null) postgres.stop();
            vertx.close();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static void closeQuietly(AutoCloseable guest) {
        try {
            guest.close();
        } catch (Exception e) {
            // what it worked with is going away: there is nothing left to save
        }
    }

    private synchronized void keep(Runnable remember) {
        remember.run();
        if (!closed) return;
        close();
        throw new StoppedException();
    }

    private void makeStateDatabase(DatabaseServer server) {
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            String user = ServiceProgram.STATE_USER;
            String password = statement.enquoteLiteral(secrets.read(user + ".password"));
            if (!statement
                    .executeQuery("select from pg_roles where rolname = '" + user + "'")
                    .next()) {
                statement.execute("create role " + user + " login");
            }
            statement.execute("alter role " + user + " password " + password);
            server.createDatabase(ServiceProgram.STATE);
            statement.execute("alter database " + ServiceProgram.STATE + " owner to " + user);
        } catch (SQLException e) {
            throw new CannotStartException("cannot make the services' state database: " + e.getMessage(), e);
        }
    }

    private static <T> void together(Stream<T> all, Function<T, Runnable> work) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> calls = all.<Callable<Object>>map(each -> Executors.callable(work.apply(each)))
                    .toList();
            for (Future<Object> done : threads.invokeAll(calls)) done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }
}
