package dev.ripcord.command.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ripcord.command.stack.StackPorts;
import dev.ripcord.embedded.CannotStartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * The sample shop's application: {@code /health} is green while its critical query works, and {@code /hooks/<name>} is
 * where a chat and a subscriber would hear of the database.
 */
public final class ShopApplication implements AutoCloseable {

    private static final String CRITICAL = """
            select (select count(*) from price_list where gross < 5) as too_cheap,
                   (select count(*) from stock where warehouse <> 'north') as not_ours""";

    private final HttpServer http;
    private final Shop shop;
    private final Map<String, List<String>> messages = new ConcurrentHashMap<>();

    private ShopApplication(HttpServer http, Shop shop) {
        this.http = http;
        this.shop = shop;
    }

    /** What the check says: an empty problem is green. */
    public record Health(String problem) {
        public boolean green() {
            return problem.isEmpty();
        }
    }

    /** Starts it on a port of the loopback address. */
    public static ShopApplication start(Shop shop, int port) {
        try {
            HttpServer http =
                    HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral(StackPorts.LOOPBACK), port), 0);
            ShopApplication application = new ShopApplication(http, shop);
            http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            http.createContext("/health", application::health);
            http.createContext("/hooks/", application::hook);
            http.start();
            return application;
        } catch (IOException e) {
            throw new CannotStartException(
                    "the sample application cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    /** Where it is, on that port. */
    public static URI address(int port, String path) {
        return URI.create("http://" + StackPorts.LOOPBACK + ":" + port + path);
    }

    /** Asks the critical query. */
    public Health health() {
        try (Connection session = shop.asApplication();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(CRITICAL)) {
            row.next();
            if (row.getLong("too_cheap") > 0) return new Health(row.getLong("too_cheap") + " prices are too low");
            if (row.getLong("not_ours") > 0) {
                return new Health(row.getLong("not_ours") + " rows of another warehouse can be seen");
            }
            return new Health("");
        } catch (SQLException e) {
            return new Health(String.valueOf(e.getMessage()).lines().findFirst().orElse("the query failed"));
        }
    }

    /** What was posted to {@code /hooks/<name>} so far. */
    public List<String> messages(String name) {
        return List.copyOf(messages.getOrDefault(name, List.of()));
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void health(HttpExchange exchange) throws IOException {
        Health health = health();
        answer(exchange, health.green() ? 200 : 503, health.green() ? "green" : health.problem());
    }

    private void hook(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring("/hooks/".length());
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        messages.computeIfAbsent(name, each -> new CopyOnWriteArrayList<>()).add(body);
        answer(exchange, 200, "ok");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        try (exchange;
                var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
