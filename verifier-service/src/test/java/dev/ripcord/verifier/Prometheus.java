package dev.ripcord.verifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that speaks <a href="https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries">instant queries</a>
 * of Prometheus: an expression as a form, at a time or now, answered with a vector of one sample.
 */
public final class Prometheus implements AutoCloseable {

    private final HttpServer server;
    private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
    /** The value now, and at every time that is asked for. */
    public volatile String now = "1";

    public volatile String then = "1";
    /** Taken instead of an answer of its own, where it is not empty. */
    public volatile String instead = "";

    public volatile int status = 200;
    public volatile String authorization = "";

    public Prometheus(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> answer(exchange, 404, "404 page not found"));
        server.createContext("/api/v1/query", this::query);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked, each with its parameters. */
    public List<Map<String, String>> asked() {
        return asked;
    }

    private void query(HttpExchange exchange) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        asked.add(form);
        authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (!type.equals("application/x-www-form-urlencoded") || !form.containsKey("query")) {
            answer(exchange, 400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no query\"}");
            return;
        }
        String value = form.containsKey("time") ? then : now;
        answer(
                exchange,
                status,
                !instead.isEmpty()
                        ? instead
                        : "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1435781451.781,\""
                                + value + "\"]}]}}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
