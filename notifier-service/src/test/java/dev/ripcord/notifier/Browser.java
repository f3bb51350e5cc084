package dev.ripcord.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ripcord.events.KafkaBinding;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Chromium without a window, driven by the <a href="https://chromedevtools.github.io/devtools-protocol/">DevTools
 * protocol</a>.
 */
final class Browser implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final long LIMIT_SECONDS = 30;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Process process;
    private final WebSocket page;

    Browser(Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        page = http.newWebSocketBuilder()
                .buildAsync(address(port(profile)), new Answers())
                .join();
    }

    private int port(Path profile) throws IOException, InterruptedException {
        Path file = profile.resolve("DevToolsActivePort");
        for (long i = 0; i < LIMIT_SECONDS * 20; i++) {
            if (Files.exists(file) && !Files.readAllLines(file).isEmpty()) {
                return Integer.parseInt(Files.readAllLines(file).getFirst());
            }
            if (!process.isAlive()) throw new IllegalStateException("Chromium ended with " + process.exitValue());
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("Chromium does not answer");
    }

    private URI address(int port) throws IOException, InterruptedException {
        HttpRequest tab = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        String answer = http.send(tab, HttpResponse.BodyHandlers.ofString()).body();
        return URI.create(
                KafkaBinding.JSON.readTree(answer).path("webSocketDebuggerUrl").asText());
    }

    /** Shows an address in a window of this size until it is loaded. */
    void show(URI address, int width, int height) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call("Page.navigate", Map.of("url", address.toString()));
        for (long i = 0; i < LIMIT_SECONDS * 10; i++) {
            boolean loaded = evaluate("location.href != 'about:blank' && document.readyState == 'complete'")
                    .asBoolean();
            if (loaded) return;
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException(address + " does not load");
    }

    /** What a script says in the page. */
    JsonNode evaluate(String script) {
        return call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true))
                .at("/result/result/value");
    }

    /** The whole page as a picture. */
    void picture(Path file) throws IOException {
        JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(shot.at("/result/data").asText()));
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        page.sendText(
                KafkaBinding.JSON
                        .valueToTree(Map.of("id", id, "method", method, "params", parameters))
                        .toString(),
                true);
        return answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    JsonNode answer = KafkaBinding.JSON.readTree(text.toString());
                    CompletableFuture<JsonNode> waiting =
                            asked.remove(answer.path("id").asInt(-1));
                    if (waiting != null) waiting.complete(answer);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                } finally {
                    text.setLength(0);
                }
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    @Override
    public void close() {
        page.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
