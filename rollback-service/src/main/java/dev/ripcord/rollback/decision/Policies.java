package dev.ripcord.rollback.decision;

import dev.ripcord.databases.Databases;
import dev.ripcord.databases.EnrolledDatabase;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/** The policy of each enrolled database; a mistake in a rule stops the start and not the night's first question. */
@Startup
@Singleton
public class Policies {

    private final Map<String, Policy> policies = new HashMap<>();

    Policies(Databases databases) {
        for (EnrolledDatabase database : databases.databases()) {
            policies.put(
                    database.id(),
                    Policy.shipped()
                            .with(
                                    "databases.yaml: " + database.id(),
                                    database.decision().rules()));
        }
    }

    /** The policy of this database. */
    public Policy of(EnrolledDatabase database) {
        return policies.getOrDefault(database.id(), Policy.shipped());
    }
}
