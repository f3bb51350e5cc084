package dev.ripcord.command.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A team's own program that points its application somewhere else when it is called. */
final class CutOver implements AutoCloseable {

    private final HttpServer server;
    final List<JsonNode> calls = new CopyOnWriteArrayList<>();
    volatile int answer = 200;

    CutOver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/cut-over", exchange -> {
            calls.add(KafkaBinding.JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/cut-over";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
