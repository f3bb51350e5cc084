package dev.ripcord.snapshot;

import dev.ripcord.embedded.DatabaseServer;
import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The databases that the service under test is started with; one that is enrolled under another marker among them. */
public class EnrolledShops implements QuarkusTestResourceLifecycleManager {

    /** Everybody's token. */
    public static final String TOKEN = "everybody";

    /** A viewer's token. */
    public static final String VIEWER = "viewer";

    /** Where archives of {@code stored-shop} are looked for, which is on no server. */
    public static final String STORE = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "ripcord-store-" + ProcessHandle.current().pid())
            .toString();

    static final List<String> SHOPS =
            List.of("shop", "late-shop", "kept-shop", "back-shop", "busy-shop", "tidy-shop", "same-shop", "gone-shop");
    private static final String STRANGE = "strange-shop";

    @Override
    public Map<String, String> start() {
        Vertx vertx = Vertx.vertx();
        try {
            EmbeddedInfrastructure infrastructure = EmbeddedInfrastructure.shared();
            DatabaseServer server = infrastructure.postgres();
            Path folder = Files.createTempDirectory("ripcord-snapshot-test");
            List<String> entries = new ArrayList<>();
            for (String shop : SHOPS) {
                entries.add(SampleDatabase.create(vertx, server, folder, shop, false)
                        .yaml(folder, "form: clone", "endSessions: " + !shop.startsWith("busy")));
            }
            SampleDatabase strange = SampleDatabase.create(vertx, server, folder, STRANGE, false);
            entries.add(new SampleDatabase(server, STRANGE, "00000000-0000-0000-0000-000000000000")
                    .yaml(folder, "form: clone", "endSessions: true"));
            entries.add(new SampleDatabase(server, "stored-shop", "00000000-0000-0000-0000-000000000000")
                    .yaml(folder, "form: archive", "store: " + STORE));
            Files.writeString(folder.resolve("databases.yaml"), "databases:\n" + String.join("", entries));
            Files.writeString(
                    folder.resolve("tokens"),
                    "tester administrator " + sha256(TOKEN) + "\nlooker viewer " + sha256(VIEWER) + "\n");
            Map<String, String> configuration = new HashMap<>(infrastructure.configuration());
            configuration.put(
                    "ripcord.databases", folder.resolve("databases.yaml").toString());
            configuration.put("ripcord.tokens", folder.resolve("tokens").toString());
            configuration.put("quarkus.http.test-port", "0");
            return configuration;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            vertx.close();
        }
    }

    /** One of them. */
    public static SampleDatabase shop(String name) {
        return new SampleDatabase(EmbeddedInfrastructure.shared().postgres(), name, "");
    }

    @Override
    public void stop() {
        // the server goes with the JVM
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
