package dev.ripcord.command.follow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each path as it is told, the last answer again and again, and notes what it was asked. */
public final class MadeUpService implements AutoCloseable {

    /** What a proxy says where the service is not. */
    public static final Reply PAGE = new Reply(200, "<html>\"told\", \"rollback\" and \"open\" for business</html>");

    private final HttpServer server;
    private final List<Question> asked = new CopyOnWriteArrayList<>();

    /** An answer. */
    public record Reply(int status, String body) {}

    /** What came, with its bytes as they were sent. */
    public record Question(String path, byte[] body) {}

    public MadeUpService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    /** Answers this path, of which it knows the longest that fits, one after another. */
    public MadeUpService answers(String path, Reply... replies) {
        List<Reply> left = new CopyOnWriteArrayList<>(replies);
        server.createContext(
                path, exchange -> answer(exchange, left.size() > 1 ? left.removeFirst() : left.getFirst()));
        return this;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public List<Question> asked() {
        return asked;
    }

    /** The paths alone. */
    public List<String> paths() {
        return asked.stream().map(Question::path).toList();
    }

    private void answer(HttpExchange exchange, Reply reply) throws IOException {
        try (exchange) {
            asked.add(new Question(
                    exchange.getRequestURI().getPath(),
                    exchange.getRequestBody().readAllBytes()));
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
