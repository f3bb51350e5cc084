package dev.ripcord.delivery;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.pgclient.pubsub.PgSubscriber;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells runner, relay and whoever waits for a task that there is something to look at, by PostgreSQL's {@code LISTEN}.
 * They also look on their own from time to time: a lost notification only costs that time.
 */
@ApplicationScoped
public class WakeUp {

    private static final Logger LOG = Logger.getLogger(WakeUp.class);
    private static final long RECONNECT_MILLIS = 500;

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final String schema;
    private final Doorbell task = new Doorbell();
    private final Doorbell outbox = new Doorbell();
    private final Map<Doorbell, Boolean> waiting = new ConcurrentHashMap<>();
    private @Nullable PgSubscriber subscriber;

    WakeUp(
            Vertx vertx,
            @ConfigProperty(name = "ripcord.state.address") String address,
            @ConfigProperty(name = "ripcord.state.user") String user,
            @ConfigProperty(name = "ripcord.state.password") String password,
            @ConfigProperty(name = "ripcord.state.schema") String schema,
            @ConfigProperty(name = "ripcord.state.tls") String tls,
            @ConfigProperty(name = "ripcord.state.ca") Optional<String> ca) {
        this.vertx = vertx;
        this.options = PgConnectOptions.fromUri("postgresql://" + address)
                .setUser(user)
                .setPassword(password)
                .setSslMode(SslMode.of(tls));
        if (options.getSslMode() == SslMode.REQUIRE) options.setTrustAll(true);
        if (options.getSslMode() == SslMode.VERIFY_FULL) {
            options.setHostnameVerificationAlgorithm("HTTPS");
            ca.ifPresent(file -> options.setPemTrustOptions(new PemTrustOptions().addCertPath(file)));
        }
        this.schema = schema;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        PgSubscriber made = PgSubscriber.subscriber(vertx, options);
        made.reconnectPolicy(retries -> {
            ring(task);
            outbox.signal();
            return RECONNECT_MILLIS;
        });
        made.channel(schema + "_task").handler(payload -> ring(task));
        made.channel(schema + "_outbox").handler(payload -> ring(outbox));
        made.connect().onFailure(e -> LOG.warnf("Cannot listen for notifications yet: %s", e.getMessage()));
        subscriber = made;
    }

    void stop(@Observes ShutdownEvent event) {
        if (subscriber != null) subscriber.close();
    }

    Doorbell task() {
        return task;
    }

    Doorbell outbox() {
        return outbox;
    }

    /** Hears of every change of a task from now on: look only after it is there, and no change is missed between. */
    public Changes changes() {
        Doorbell bell = new Doorbell();
        waiting.put(bell, true);
        return new Changes(bell);
    }

    /** What {@link #changes} hears. */
    public final class Changes implements AutoCloseable {

        private final Doorbell bell;

        private Changes(Doorbell bell) {
            this.bell = bell;
        }

        /** Waits until some task of this service has changed since the last call, or the time has passed. */
        public void await(Duration atMost) throws InterruptedException {
            bell.await(atMost);
        }

        @Override
        public void close() {
            waiting.remove(bell);
        }
    }

    /** A task has changed by a commit of this process, which need not wait for the notification to come back. */
    void changed() {
        ring(task);
    }

    private void ring(Doorbell bell) {
        bell.signal();
        waiting.keySet().forEach(Doorbell::signal);
    }
}
