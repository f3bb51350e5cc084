package dev.ripcord.notifier.channel.slack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ripcord.notifier.Receiver;
import dev.ripcord.notifier.Receiver.Request;
import dev.ripcord.notifier.Receiver.Said;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Slack's Web API with one channel, as far as chat.postMessage, chat.update and reading it go: it asks for the token and the content
 * type, refuses blocks beyond the limits of Block Kit and a post within a second of the one before, and knows its messages
 * by their timestamps.
 */
public final class SlackServer implements AutoCloseable {

    public static final String TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy";
    public static final String CHANNEL = "C0123456789";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A message as it stands. */
    public record Shown(String text, JsonNode blocks, String thread, boolean broadcast, int edits, JsonNode metadata) {
        /** Whether everybody in the channel sees it, and not only who opens the thread. */
        public boolean inChannel() {
            return thread.isEmpty() || broadcast;
        }
    }

    private final Map<String, Shown> messages = new LinkedHashMap<>();
    private final Receiver receiver;
    private Instant last = Instant.EPOCH;
    private int made;
    private boolean readable = true;

    SlackServer() throws IOException {
        this(0);
    }

    /** Listens on a port of the loopback address, on a free one for 0. */
    public SlackServer(int port) throws IOException {
        receiver = new Receiver(port, this::answer);
    }

    URI address() {
        return URI.create(receiver.address() + "/api");
    }

    Receiver receiver() {
        return receiver;
    }

    /** What is shown, oldest first. */
    public synchronized List<Shown> messages() {
        return List.copyOf(messages.values());
    }

    /** From now on the bot may not read what is in the channel. */
    synchronized void withoutScopeForHistory() {
        readable = false;
    }

    synchronized void forgetAll() {
        messages.clear();
    }

    private synchronized Said answer(Request request) {
        String authorization = request.header("authorization");
        if (authorization.isEmpty()) return error("not_authed");
        if (!authorization.equals("Bearer " + TOKEN)) return error("invalid_auth");
        if (request.method().equals("GET")) return history(request);
        if (!request.header("content-type").startsWith("application/json")) return error("invalid_post_type");
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return error("invalid_json");
        }
        if (!body.path("channel").asText().equals(CHANNEL)) return error("channel_not_found");
        String wrong = wrong(body);
        if (!wrong.isEmpty()) return error(wrong);
        return switch (request.path()) {
            case "/api/chat.postMessage" -> post(body);
            case "/api/chat.update" -> update(body);
            default -> error("unknown_method");
        };
    }

    /** The messages of the channel, newest first, or those of a thread; for a bot that may read them. */
    private Said history(Request request) {
        if (!readable) return error("missing_scope");
        String thread = request.query().contains("&ts=") ? request.query().replaceFirst(".*&ts=", "") : "";
        ArrayNode found = JSON.createArrayNode();
        messages.forEach((ts, shown) -> {
            boolean wanted = thread.isEmpty()
                    ? shown.inChannel()
                    : ts.equals(thread) || shown.thread().equals(thread);
            if (!wanted) return;
            ObjectNode message = found.insertObject(thread.isEmpty() ? 0 : found.size());
            message.put("ts", ts).put("text", shown.text());
            if (request.query().contains("include_all_metadata=true")) message.set("metadata", shown.metadata());
        });
        return new Said(200, "{\"ok\":true,\"messages\":" + found + "}");
    }

    private Said post(JsonNode body) {
        Instant now = Instant.now();
        if (Duration.between(last, now).toMillis() < 1000) {
            return new Said(429, Map.of("Retry-After", "1"), "{\"ok\":false,\"error\":\"ratelimited\"}");
        }
        String thread = body.path("thread_ts").asText();
        if (!thread.isEmpty() && !messages.containsKey(thread)) return error("thread_not_found");
        last = now;
        String ts = "1700000000." + String.format("%06d", ++made);
        boolean broadcast = body.path("reply_broadcast").asBoolean();
        messages.put(
                ts,
                new Shown(body.path("text").asText(), body.get("blocks"), thread, broadcast, 0, body.path("metadata")));
        return done(ts);
    }

    private Said update(JsonNode body) {
        String ts = body.path("ts").asText();
        Shown old = messages.get(ts);
        if (old == null) return error("message_not_found");
        messages.put(
                ts,
                new Shown(
                        body.path("text").asText(),
                        body.get("blocks"),
                        old.thread(),
                        old.broadcast(),
                        old.edits() + 1,
                        body.path("metadata")));
        return done(ts);
    }

    private static String wrong(JsonNode body) {
        if (body.path("text").asText().isEmpty()) return "no_text";
        if (body.path("blocks").size() > 50) return "invalid_blocks";
        for (JsonNode block : body.path("blocks")) {
            int length = block.path("text").path("text").asText().length();
            boolean fits = switch (block.path("type").asText()) {
                case "header" ->
                    length <= 150 && block.at("/text/type").asText().equals("plain_text");
                case "section" -> length >= 1 && length <= 3000;
                case "context" ->
                    block.path("elements").size() <= 10
                            && !block.path("elements").isEmpty();
                case "actions" ->
                    block.path("elements").size() <= 25
                            && block.path("block_id").asText().length() <= 255
                            && block.path("elements").valueStream().allMatch(SlackServer::isButton);
                default -> false;
            };
            if (!fits) return "invalid_blocks";
        }
        JsonNode metadata = body.path("metadata");
        boolean whole = metadata.path("event_type").asText().matches("[a-z0-9_]+")
                && metadata.path("event_payload").isObject();
        return metadata.isMissingNode() || whole ? "" : "invalid_metadata_format";
    }

    private static boolean isButton(JsonNode element) {
        return element.path("type").asText().equals("button")
                && element.at("/text/type").asText().equals("plain_text")
                && element.at("/text/text").asText().length() <= 75
                && element.path("action_id").asText().length() <= 255
                && element.path("value").asText().length() <= 2000
                && List.of("primary", "danger").contains(element.path("style").asText());
    }

    private static Said done(String ts) {
        return new Said(200, "{\"ok\":true,\"channel\":\"" + CHANNEL + "\",\"ts\":\"" + ts + "\"}");
    }

    private static Said error(String code) {
        Set<String> unknown = Set.of("unknown_method");
        return new Said(unknown.contains(code) ? 404 : 200, "{\"ok\":false,\"error\":\"" + code + "\"}");
    }

    @Override
    public void close() {
        receiver.close();
    }
}
