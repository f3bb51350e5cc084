package dev.ripcord.command.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * The other side of channels, which keeps count: subscribers' webhooks, of which one now and then asks to be left alone for a
 * second, and a chat that takes one message a second as Slack does.
 */
final class CountingReceiver implements AutoCloseable {

    private static final int REST_EVERY = 250;
    private static final long SECOND = 1_000_000_000L;

    private final LongSupplier clock;
    private final HttpServer server;
    private final Map<String, Integer> stepOf = new HashMap<>();
    private final Map<String, Long> restUntil = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private int outOfOrder;
    private int twice;
    private int duringRest;
    private int chatMessages;
    private int chatTooFast;
    private long lastChat = Long.MIN_VALUE / 2;
    private long first;
    private long last;

    CountingReceiver() throws IOException {
        this(System::nanoTime);
    }

    /** With a clock of its own, in nanoseconds. */
    CountingReceiver(LongSupplier clock) throws IOException {
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/hook/", this::hook);
        server.createContext("/chat/", this::chat);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many different events subscribers were told. */
    synchronized int told() {
        return told.size();
    }

    /** From the first that a subscriber was told to the last that was new: the notifier begins before it calls itself ready. */
    synchronized double secondsOfTelling() {
        return (last - first) / 1e9;
    }

    synchronized int outOfOrder() {
        return outOfOrder;
    }

    synchronized int twice() {
        return twice;
    }

    /** Calls within the second for which a subscriber had asked to be left alone. */
    synchronized int duringRest() {
        return duringRest;
    }

    synchronized int chatMessages() {
        return chatMessages;
    }

    /** Messages within a second after the one before. */
    synchronized int chatTooFast() {
        return chatTooFast;
    }

    private void hook(HttpExchange exchange) throws IOException {
        String hook = exchange.getRequestURI().getPath();
        JsonNode event = KafkaBinding.JSON.readTree(exchange.getRequestBody());
        if (rests(hook)) {
            exchange.getResponseHeaders().set("Retry-After", "1");
            answer(exchange, 429, "");
            return;
        }
        count(event);
        answer(exchange, 200, "");
    }

    private synchronized boolean rests(String hook) {
        long now = clock.getAsLong();
        if (now < restUntil.getOrDefault(hook, Long.MIN_VALUE)) {
            duringRest++;
            return true;
        }
        if (calls.merge(hook, 1, Integer::sum) % REST_EVERY != 0) return false;
        restUntil.put(hook, now + SECOND);
        return true;
    }

    private synchronized void count(JsonNode event) {
        long now = clock.getAsLong();
        if (told.isEmpty()) first = now;
        if (told.add(event.path("id").asText())) last = now;
        else twice++;
        String rollback = event.at("/data/rollback").asText();
        String step = event.at("/data/step").asText();
        // an outcome comes by another topic: nothing says that it is read after the steps
        if (step.isEmpty()) return;
        int number = Integer.parseInt(step.substring("step-".length()));
        if (number < stepOf.getOrDefault(rollback, -1)) outOfOrder++;
        stepOf.put(rollback, number);
    }

    private void chat(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String ts = chatted();
        answer(exchange, 200, "{\"ok\":true,\"channel\":\"C0123456789\",\"ts\":\"" + ts + "\"}");
    }

    private synchronized String chatted() {
        long now = clock.getAsLong();
        if (now - lastChat < SECOND) chatTooFast++;
        lastChat = now;
        return "1700000000." + String.format("%06d", ++chatMessages);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
