package dev.ripcord.rollback.method.application;

import com.sun.net.httpserver.HttpServer;
import dev.ripcord.databases.EnrolledDatabase;
import dev.ripcord.databases.EnrolledDatabase.Hooks;
import dev.ripcord.events.Way;
import dev.ripcord.rollback.method.Method;
import dev.ripcord.rollback.method.MethodConformance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(ints = {15, 18})
class RestartedApplicationTest implements MethodConformance {

    private final int major;

    RestartedApplicationTest(int major) {
        this.major = major;
    }

    @Override
    public int major() {
        return major;
    }

    private HttpServer application;

    @BeforeEach
    void start() throws IOException {
        application = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        application.createContext("/restart", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        application.start();
    }

    @AfterEach
    void stop() {
        application.stop(0);
    }

    @Override
    public Method method() {
        return new RestartedApplication(new dev.ripcord.rollback.hooks.Hooks());
    }

    @Override
    public EnrolledDatabase configured(EnrolledDatabase database) {
        return new EnrolledDatabase(
                database.id(),
                database.environment(),
                database.server(),
                database.roles(),
                database.snapshot(),
                null,
                new Hooks(
                        null,
                        null,
                        URI.create(
                                "http://127.0.0.1:" + application.getAddress().getPort() + "/restart")),
                null,
                null);
    }

    @Override
    public Case example() {
        return new Case("", "select 1", Way.of("application"), "orders", "select 1");
    }
}
