package dev.ripcord.notifier;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.notifier.channel.slack.SlackServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A real PostgreSQL for the service's state, a real Kafka, and a file of enrolled databases: {@code shop} is heard of in
 * the channels hook and chat, {@code crm} in dead, gone and hook, {@code bank} in thread, sink and duty, {@code till} in lost and
 * held, {@code vault}, {@code attic}, {@code cellar} and {@code loft} in a channel each whose route asks for what opens something. Each channel's address is
 * in a file of its name, for the test to write; the Slack of thread is expected at the port {@code test.slack-port}.
 */
public final class Infrastructure implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "folders").toAbsolutePath()), "notifier-");
            Map<String, String> configuration =
                    new HashMap<>(EmbeddedInfrastructure.shared().configuration());
            int slack = freePort();
            int duty = freePort();
            int page = freePort();
            configuration.put("test.page-port", String.valueOf(page));
            configuration.put("test.duty-port", String.valueOf(duty));
            configuration.put(
                    "ripcord.databases", databases(folder, slack, duty, page).toString());
            configuration.put("test.slack-port", String.valueOf(slack));
            configuration.put("ripcord.tokens", tokens(folder).toString());
            Files.createDirectories(folder.resolve("templates"));
            configuration.put(
                    "ripcord.notification.templates",
                    folder.resolve("templates").toString());
            configuration.put("ripcord.notification.first-retry", "50ms");
            configuration.put("ripcord.notification.attempt-limit", "1s");
            configuration.put("ripcord.notification.give-up-after", "1h");
            configuration.put("ripcord.notification.post-mortem-after", "2d");
            configuration.put("ripcord.notification.control-address", "https://rollback.example");
            configuration.put("test.folder", folder.toString());
            configuration.put("quarkus.http.test-port", "0");
            return configuration;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {}

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** A person of each role, whose token is the role's name. */
    private static Path tokens(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String role : List.of("viewer", "requester", "approver", "administrator")) {
            lines.append(role + "-ann " + role + " " + sha256(role) + "\n");
        }
        return Files.writeString(folder.resolve("tokens"), lines);
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path databases(Path folder, int slack, int duty, int page) throws IOException {
        Files.writeString(folder.resolve("bot"), SlackServer.TOKEN);
        Files.writeString(folder.resolve("key"), "whsec_" + Receiver.KEY_IN_BASE64);
        Files.writeString(folder.resolve("held-key"), "whsec_" + Receiver.KEY_IN_BASE64);
        String yaml =
                "databases:\n" + database(folder, "shop", "hook, chat") + database(folder, "crm", "dead, gone, hook")
                        + database(folder, "till", "lost, held")
                        + database(
                                folder,
                                "bank",
                                "thread, {channel: sink, events: [rollback.step], environments: [production]},"
                                        + " {channel: sink, tones: [alarm]}, {channel: duty, events: [rollback.unanswered]}")
                        + database(folder, "vault", "{channel: buttons, events: [rollback.planned]}")
                        + database(folder, "attic", "{channel: page, tones: [attention]}")
                        + database(folder, "cellar", "{channel: night, events: [watch.regressed]}")
                        + database(folder, "loft", "{channel: night, events: [rollback.delivery-held]}")
                        + "slack: {signingSecret: {file: " + folder.resolve("key") + "}, token: {file: "
                        + folder.resolve("bot") + "}, people: {U0123456789: {name: ann}}}\n"
                        + "channels:\n" + channel(folder, "hook", "webhook") + channel(folder, "chat", "slack")
                        + channel(folder, "dead", "webhook") + channel(folder, "gone", "webhook")
                        + channel(folder, "sink", "webhook") + channel(folder, "lost", "webhook")
                        + channel(folder, "held", "webhook").replace("/key}", "/held-key}")
                        + bot(folder, "thread", slack) + bot(folder, "buttons", slack) + pager(folder, "duty", duty)
                        + pager(folder, "night", duty)
                        + "- {id: page, kind: instatus, token: {file: " + folder.resolve("key")
                        + "}, page: page1, address: 'http://127.0.0.1:" + page + "'}\n";
        return Files.writeString(folder.resolve("databases.yaml"), yaml);
    }

    private static String bot(Path folder, String id, int slack) {
        return "- {id: " + id + ", kind: slackBot, token: {file: " + folder.resolve("bot") + "}, channel: "
                + SlackServer.CHANNEL + ", address: 'http://127.0.0.1:" + slack + "/api'}\n";
    }

    private static String pager(Path folder, String id, int duty) {
        return "- {id: " + id + ", kind: pagerduty, routingKey: {file: " + folder.resolve("key")
                + "}, address: 'http://127.0.0.1:" + duty + "'}\n";
    }

    private static String database(Path folder, String id, String routes) {
        String role = "{user: nobody, password: {file: " + folder.resolve("key") + "}}";
        return """
                - id: %s
                  environment: production
                  server: {host: 127.0.0.1, database: %s, marker: 0f9d3c52-9f5a-4b7e-8a53-3a6f9a6c1b11}
                  roles: {snapshot: %s, rollback: %s, verifier: %s}
                  snapshot: {form: clone}
                  routes: [%s]
                """.formatted(id, id, role, role, role, routes);
    }

    private static String channel(Path folder, String id, String kind) {
        return "- id: " + id + "\n  kind: " + kind + "\n  url: {file: " + folder.resolve(id) + "}\n"
                + (kind.equals("slack") ? "" : "  signingKey: {file: " + folder.resolve("key") + "}\n");
    }
}
