package dev.ripcord.rollback;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Argo CD's API as far as one application's sync policy goes: bearer tokens, {@code GET} and {@code PATCH
 * /api/v1/applications/NAME} with a merge patch in a JSON string, refusals as its gateway words them. {@code POST
 * /refuse/off/NAME/N} makes it refuse the next N patches that switch an application's sync off, {@code on} those that
 * switch it on.
 */
final class ArgoServer {

    static final String TOKEN = "token-of-argo";

    private final HttpServer server;
    private final Map<String, JsonObject> applications = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();

    ArgoServer(String... names) throws IOException {
        for (String name : names) {
            applications.put(name, new JsonObject("""
                    {"metadata": {"name": "%s"}, "spec": {"project": "default", "syncPolicy": {
                      "automated": {"prune": true, "selfHeal": true}, "syncOptions": ["CreateNamespace=true"]}}}""".formatted(name)));
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/applications/", this::application);
        server.createContext("/refuse/", exchange -> {
            String[] path = exchange.getRequestURI().getPath().split("/");
            refused.put(path[2] + "/" + path[3], new AtomicInteger(Integer.parseInt(path[4])));
            answer(exchange, 200, new JsonObject());
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private synchronized void application(HttpExchange exchange) throws IOException {
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, problem(16, "no session information"));
            return;
        }
        String name = exchange.getRequestURI().getPath().replaceAll(".*/", "");
        JsonObject application = applications.get(name);
        if (application == null) {
            answer(exchange, 403, problem(7, "permission denied"));
        } else if (exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 200, application);
        } else if (exchange.getRequestMethod().equals("PATCH")) {
            patch(exchange, name, application);
        } else {
            answer(exchange, 405, problem(12, "Method Not Allowed"));
        }
    }

    private void patch(HttpExchange exchange, String name, JsonObject application) throws IOException {
        JsonObject asked = new JsonObject(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String what = asked.getString("patch").contains("\"automated\":null") ? "/off/" : "/on/";
        AtomicInteger left = refused.getOrDefault(what.substring(1) + name, new AtomicInteger());
        if (left.getAndDecrement() > 0) {
            answer(exchange, 403, problem(7, "permission denied: applications, update, default/" + name));
        } else if (!name.equals(asked.getString("name")) || !"merge".equals(asked.getString("patchType"))) {
            answer(exchange, 400, problem(3, "Patch type '" + asked.getString("patchType") + "' is not supported"));
        } else {
            merge(application, new JsonObject(asked.getString("patch")));
            answer(exchange, 200, application);
        }
    }

    /** RFC 7396. */
    private static void merge(JsonObject target, JsonObject patch) {
        for (String field : patch.fieldNames()) {
            Object value = patch.getValue(field);
            if (value == null) {
                target.remove(field);
            } else if (value instanceof JsonObject inner) {
                JsonObject before =
                        target.getJsonObject(field) == null ? new JsonObject() : target.getJsonObject(field);
                merge(before, inner);
                target.put(field, before);
            } else {
                target.put(field, value);
            }
        }
    }

    private static JsonObject problem(int code, String message) {
        return new JsonObject().put("error", message).put("code", code).put("message", message);
    }

    private static void answer(HttpExchange exchange, int status, JsonObject body) throws IOException {
        byte[] bytes = body.encode().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
