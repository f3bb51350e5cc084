package dev.ripcord.delivery;

import dev.ripcord.embedded.EmbeddedInfrastructure;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A real PostgreSQL and a real Kafka. */
public class Infrastructure implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        return EmbeddedInfrastructure.shared().configuration();
    }

    @Override
    public void stop() {}
}
