package dev.ripcord.verifier;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import dev.ripcord.embedded.Ports;
import dev.ripcord.events.KafkaBinding;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An enrolled shop on a real server, a real Kafka, somebody who may look; and a shop whose enrolment is another's. */
public final class Infrastructure implements QuarkusTestResourceLifecycleManager {

    static final String TOKEN = "a token";

    private @Nullable Shop shop;

    @Override
    public Map<String, String> start() {
        Shop made = new Shop("enrolled_shop");
        shop = made;
        try {
            Path folder = Files.createTempDirectory(
                    Files.createDirectories(Path.of("target", "folders").toAbsolutePath()), "verifier-");
            int prometheus = Ports.free();
            Map<String, String> configuration =
                    new HashMap<>(EmbeddedInfrastructure.shared().configuration());
            configuration.put(
                    "ripcord.databases", databases(folder, made, prometheus).toString());
            configuration.put("ripcord.tokens", tokens(folder).toString());
            Path manifest = folder.resolve("manifest.json");
            KafkaBinding.JSON.writeValue(manifest.toFile(), made.manifest());
            configuration.put("test.manifest", manifest.toString());
            configuration.put("test.prometheus-port", String.valueOf(prometheus));
            configuration.put("quarkus.http.test-port", "0");
            return configuration;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (shop != null) shop.close();
    }

    private static Path databases(Path folder, Shop shop, int prometheus) throws IOException {
        String yaml = "databases:\n" + database(shop, "enrolled-shop", shop.marker(), prometheus)
                + database(shop, "stranger", "0f9d3c52-9f5a-4b7e-8a53-3a6f9a6c1b11", prometheus)
                        .replace("database: enrolled_shop", "database: another_shop")
                + moved(shop, prometheus);
        return Files.writeString(folder.resolve("databases.yaml"), yaml);
    }

    /** Nobody answers any more where it was; on its second server it is the enrolled shop. */
    private static String moved(Shop shop, int prometheus) throws IOException {
        String there = database(shop, "moved-shop", shop.marker(), prometheus)
                .replace("verifier: {", "restore: {user: ripcord_restore, password: {env: HOME}}, verifier: {");
        String second = there.lines()
                .filter(line -> line.startsWith("  server:") || line.startsWith("  roles:"))
                .map(String::strip)
                .collect(Collectors.joining(", ", "  secondServer: {", "}\n"));
        String port = "port: " + EmbeddedInfrastructure.shared().postgres().port();
        return there.replace(port, "port: " + Ports.free())
                        .replace("{form: clone}", "{form: archive, store: " + shop.folder() + "}")
                + second;
    }

    private static String database(Shop shop, String id, String marker, int prometheus) {
        String role =
                "{user: ripcord_verifier, password: {file: " + shop.folder().resolve("password") + "}}";
        return """
                - id: %s
                  environment: development
                  server: {host: %s, port: %d, database: enrolled_shop, marker: %s}
                  roles: {snapshot: %s, rollback: %s, verifier: %s}
                  snapshot: {form: clone}
                  checks:
                    sql: [{name: orders, query: select count(*) from public.orders, expect: "200"}]
                    promql: [{name: errors, prometheus: "http://127.0.0.1:%d", query: "rate(errors[5m])", atMostRatio: 2}]
                  watch: {closeSeconds: 4, closeEverySeconds: 1, longSeconds: 8, longEverySeconds: 1}
                """.formatted(
                        id,
                        EmbeddedInfrastructure.shared().postgres().host(),
                        EmbeddedInfrastructure.shared().postgres().port(),
                        marker,
                        role,
                        role,
                        role,
                        prometheus);
    }

    private static Path tokens(Path folder) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
            return Files.writeString(
                    folder.resolve("tokens"), "anna viewer " + HexFormat.of().formatHex(digest) + "\n");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
