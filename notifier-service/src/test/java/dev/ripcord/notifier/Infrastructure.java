package dev.ripcord.notifier;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A real PostgreSQL for the service's state, a real Kafka, and a file of enrolled databases: {@code shop} is heard of in
 * the channels hook and chat, {@code crm} in dead, gone and hook. Each channel's address is in a file of its name, for the
 * test to write.
 */
public final class Infrastructure implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "folders").toAbsolutePath()), "notifier-");
            Map<String, String> configuration =
                    new HashMap<>(EmbeddedInfrastructure.shared().configuration());
            configuration.put("ripcord.databases", databases(folder).toString());
            configuration.put("ripcord.notification.first-retry", "50ms");
            configuration.put("ripcord.notification.attempt-limit", "1s");
            configuration.put("ripcord.notification.give-up-after", "1h");
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

    private static Path databases(Path folder) throws IOException {
        Files.writeString(folder.resolve("key"), "whsec_" + Receiver.KEY_IN_BASE64);
        String yaml =
                "databases:\n" + database(folder, "shop", "hook, chat") + database(folder, "crm", "dead, gone, hook")
                        + "channels:\n" + channel(folder, "hook", "webhook") + channel(folder, "chat", "slack")
                        + channel(folder, "dead", "webhook") + channel(folder, "gone", "webhook");
        return Files.writeString(folder.resolve("databases.yaml"), yaml);
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
