package dev.ripcord.command.endtoend;

import com.sun.net.httpserver.HttpServer;
import dev.ripcord.command.stack.StackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A delivery system with two addresses, which remembers what it was told, in order. */
final class HeldDelivery implements AutoCloseable {

    private final HttpServer server;
    private final List<String> told = new CopyOnWriteArrayList<>();

    HeldDelivery() {
        try {
            server = HttpServer.create(new InetSocketAddress(StackPorts.LOOPBACK, 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            told.add(exchange.getRequestHeaders().getFirst("Idempotency-Key")
                    + exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    /** Has the delivery of every database of the file held. */
    void hold(Path databases) {
        String address =
                "http://" + StackPorts.LOOPBACK + ":" + server.getAddress().getPort();
        String entry = "    delivery: { hold: { kind: http, pause: \"" + address + "/pause\", resume: \"" + address
                + "/resume\" } }\n";
        try {
            String text = Files.readString(databases);
            Files.writeString(databases, text.replace("    environment:", entry + "    environment:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it was told about a rollback, such as {@code /pause}. */
    List<String> told(String rollback) {
        return told.stream()
                .filter(each -> each.startsWith(rollback + "/"))
                .map(each -> each.substring(rollback.length()))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
