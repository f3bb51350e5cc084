package dev.ripcord.notifier;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A local HTTP server that keeps what it is sent and answers as told; the path names the channel. */
public final class Receiver implements AutoCloseable {

    /** The key of the signed channels. */
    public static final byte[] KEY = "a key that only the two sides know".getBytes(StandardCharsets.UTF_8);

    static final String KEY_IN_BASE64 = Base64.getEncoder().encodeToString(KEY);

    /** What came in: headers by lower-case name, and the body. */
    public record Request(String method, String path, String query, Map<String, String> headers, String body) {

        /** One of its headers, empty where it is not there. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** What a provider answers: headers besides the type, which is JSON. */
    public record Said(int status, Map<String, String> headers, String body) {
        public Said(int status, String body) {
            this(status, Map.of(), body);
        }
    }

    /** Answers a request. */
    @FunctionalInterface
    public interface Answer {
        /** The n-th request, from 1, on this path. */
        void to(HttpExchange exchange, int n) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Function<Request, Said> behaviour;

    /** Listens on a free port of the loopback address; answers {@code ok} where nothing else is told. */
    public Receiver() throws IOException {
        this(request -> new Said(200, Map.of("Content-Type", "text/html"), "ok"));
    }

    /** The same, answering as a provider does where nothing else is told. */
    public Receiver(Function<Request, Said> behaviour) throws IOException {
        this(0, behaviour);
    }

    /** The same on a given port. */
    public Receiver(int port, Function<Request, Said> behaviour) throws IOException {
        this.behaviour = behaviour;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    /** Where it listens, without a path. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers requests of a path like this from now on. */
    public void answering(String path, Answer answer) {
        answers.put(path, answer);
    }

    /** All that came, oldest first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** What came to a path, oldest first. */
    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Sends one answer. */
    public static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void take(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String query = exchange.getRequestURI().getRawQuery();
        Request request = new Request(exchange.getRequestMethod(), path, query == null ? "" : query, headers, body);
        requests.add(request);
        int n = requests(path).size();
        Answer told = answers.get(path);
        if (told != null) {
            told.to(exchange, n);
            return;
        }
        Said said = behaviour.apply(request);
        said.headers().forEach(exchange.getResponseHeaders()::set);
        String type = said.headers().getOrDefault("Content-Type", "application/json; charset=utf-8");
        answer(exchange, said.status(), type, said.body());
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }
}
