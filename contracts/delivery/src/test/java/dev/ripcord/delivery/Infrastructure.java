package dev.ripcord.delivery;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL and a real Kafka. */
public class Infrastructure implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        try {
            Path databases = Files.createTempFile("databases", ".yaml");
            Files.writeString(databases, "databases: []\n");
            Map<String, String> configuration =
                    new HashMap<>(EmbeddedInfrastructure.shared().configuration());
            configuration.put("ripcord.databases", databases.toString());
            return configuration;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {}
}
